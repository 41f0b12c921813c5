// The connection to /api/stream. It survives what browsers do not tell us about: sleep, a changed network, a server that restarts.
import { whole } from './patch'
import type { Frame, Presences } from './types'

export type StreamState = 'connecting' | 'live' | 'down'

interface Ear {
  /** The last log position this browser has seen: where to resume. */
  after: () => number
  onFrames: (frames: Frame[]) => void
  onState: (state: StreamState) => void
  /** Who is in a conversation now: of this moment, never asked again. */
  onPresence: (presences: Presences) => void
  /** Who is where at all, on connecting: what is not in it is nowhere any more. */
  onEverywhere: (all: Presences[]) => void
}

const TICK = 5_000
const ASLEEP = 20_000 // a timer this late means that the machine slept
const SILENT = 65_000 // three pings missed

export function openStream({ after, onFrames, onState, onPresence, onEverywhere }: Ear): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let heardAt = Date.now()
  let tickedAt = Date.now()

  function connect() {
    clearTimeout(retry)
    source?.close()
    onState('connecting')
    heardAt = Date.now()
    source = new EventSource(`/api/stream?after=${after()}`)
    source.onopen = () => {
      failures = 0
      heardAt = Date.now()
      onState('live')
    }
    source.onmessage = (event: MessageEvent<string>) => {
      heardAt = Date.now()
      onFrames([whole(JSON.parse(event.data))])
    }
    source.addEventListener('presence', (event: MessageEvent<string>) => onPresence(JSON.parse(event.data)))
    source.addEventListener('presences', (event: MessageEvent<string>) => onEverywhere(JSON.parse(event.data)))
    source.addEventListener('ping', () => { heardAt = Date.now() })
    source.onerror = () => {
      source?.close()
      onState('down')
      // Spread over time, so that a restarted server is not met by everybody at once.
      retry = setTimeout(connect, Math.min(30_000, 500 * 2 ** failures++) * (0.7 + Math.random() * 0.6))
    }
  }

  const tick = setInterval(() => {
    const now = Date.now()
    const slept = now - tickedAt > ASLEEP
    tickedAt = now
    if (slept || now - heardAt > SILENT) connect()
  }, TICK)
  const onOnline = () => connect()
  const onVisible = () => { if (!document.hidden && source?.readyState !== EventSource.OPEN) connect() }
  window.addEventListener('online', onOnline)
  document.addEventListener('visibilitychange', onVisible)
  connect()

  return () => {
    clearInterval(tick)
    clearTimeout(retry)
    window.removeEventListener('online', onOnline)
    document.removeEventListener('visibilitychange', onVisible)
    source?.close()
  }
}
