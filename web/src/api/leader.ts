// One stream per browser, however many tabs: the tab that holds a Web Lock listens and tells the others.
// (Over HTTP/1.1 a browser opens six connections to a server: with a stream per tab the seventh tab could not even load.)
import { openStream, type StreamState } from './stream'
import type { Frame, Presences } from './types'

interface Ear {
  after: () => number
  onFrames: (frames: Frame[]) => void
  onState: (state: StreamState) => void
  onPresence: (presences: Presences) => void
  onEverywhere: (all: Presences[]) => void
  /** This tab is the one that listens for all of them. */
  onLead: () => void
  /** Frames were missed for good: what is shown must be asked again. */
  onLost: () => void
}

type Note = { frames: Frame[] } | { state: StreamState } | { ask: number } | { lost: number } | { presence: Presences } | { everywhere: Presences[] }

const KEPT = 300

export function listenTogether(name: string, ear: Ear): () => void {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(name) : undefined
  const recent: Frame[] = []
  let from = Infinity // the log position from which `recent` is complete, once leading
  let state: StreamState = 'connecting'
  let stop: () => void = () => {}
  let isLeading = false
  const present = new Map<number, Presences>()
  const say = (note: Note) => channel?.postMessage(note)

  function take(frames: Frame[]) {
    const seen = ear.after()
    const news = frames.filter((frame) => frame.seq > seen || frame.reset)
    if (news.length) ear.onFrames(news)
  }

  function lead() {
    isLeading = true
    ear.onLead()
    from = ear.after()
    stop = openStream({
      after: ear.after,
      onFrames(frames) {
        recent.push(...frames)
        if (recent.length > KEPT) from = recent.splice(0, recent.length - KEPT).at(-1)?.seq ?? from
        take(frames)
        say({ frames })
      },
      onState(now) {
        state = now
        ear.onState(now)
        say({ state })
      },
      onEverywhere(everywhere) {
        present.clear()
        for (const one of everywhere) present.set(one.conversation_id, one)
        ear.onEverywhere(everywhere)
        say({ everywhere })
      },
      onPresence(presence) {
        if (presence.members.length) present.set(presence.conversation_id, presence)
        else present.delete(presence.conversation_id)
        ear.onPresence(presence)
        say({ presence })
      },
    })
  }

  function answer(asked: number) {
    say({ state })
    say({ everywhere: [...present.values()] })
    if (asked < from) say({ lost: asked })
    else say({ frames: recent.filter((frame) => frame.seq > asked) })
  }

  channel?.addEventListener('message', ({ data }: MessageEvent<Note>) => {
    if ('ask' in data) { if (isLeading) answer(data.ask) }
    else if (isLeading) return
    else if ('presence' in data) ear.onPresence(data.presence)
    else if ('everywhere' in data) ear.onEverywhere(data.everywhere)
    else if ('frames' in data) take(data.frames)
    else if ('state' in data) ear.onState(data.state)
    else if (data.lost === ear.after()) ear.onLost()
  })

  const askAgain = () => { if (!document.hidden && !isLeading) say({ ask: ear.after() }) }
  document.addEventListener('visibilitychange', askAgain)
  window.addEventListener('pageshow', askAgain)

  const giveUp = new AbortController()
  let release: () => void = () => {}
  if (channel && navigator.locks) {
    const held = new Promise<void>((resolve) => { release = resolve })
    navigator.locks.request(name, { signal: giveUp.signal }, () => { lead(); return held }).catch(() => {})
    say({ ask: ear.after() })
  } else lead()

  return () => {
    giveUp.abort()
    stop()
    release()
    document.removeEventListener('visibilitychange', askAgain)
    window.removeEventListener('pageshow', askAgain)
    channel?.close()
  }
}
