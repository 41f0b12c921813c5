// Keeps the cache true while the page is open: frames are gathered and applied once per painted frame (R5),
// and again after every answer that was on its way meanwhile.
import type { QueryClient } from '@tanstack/vue-query'
import { ref, shallowRef } from 'vue'
import { checkSession } from './client'
import { listenTogether } from './leader'
import { apply, putReadings } from './patch'
import type { StreamState } from './stream'
import type { Frame, ListData, Message, Presences, Row, ThreadData } from './types'

export const streamState = ref<StreamState>('connecting')
/** Who was last said to be in a conversation. */
export const presence = shallowRef<Presences>()
/** Who is in which conversation, of all that one may see: for the rows of the list. */
export const presences = shallowRef<ReadonlyMap<number, Presences['members']>>(new Map())
/** Of all tabs of this browser, the one that listens: it alone rings. */
export const isLeading = ref(false)
/** The newest message from outside, for the polite announcement. */
export const arrived = shallowRef<{ message: Message; row: Row | undefined } | null>(null)

const KEPT = 300
const SOON = 400

export function startLive(client: QueryClient, me: number, seq: number): () => void {
  let seen = seq
  let waiting: Frame[] = []
  let recent: Frame[] = []
  let scheduled = false
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  /** Asks again, once, when things have calmed down. */
  function refetchSoon(...queryKey: unknown[]) {
    const name = JSON.stringify(queryKey)
    if (timers.has(name)) return
    timers.set(name, setTimeout(() => { timers.delete(name); void client.invalidateQueries({ queryKey }) }, SOON))
  }

  /** What is on screen of a customer's file: its timeline, its figures, and the details beside a thread of theirs. */
  function refetchFile(id: number) {
    const name = `file ${id}`
    if (timers.has(name)) return
    const isOf = ({ queryKey: [, what, whose], state }: { queryKey: readonly unknown[]; state: { data: unknown } }) =>
      what === 'details' ? (state.data as { customer?: { id: number } | null } | undefined)?.customer?.id === id : whose === id && (what === 'conversations' || what === 'figures')
    timers.set(name, setTimeout(() => { timers.delete(name); void client.invalidateQueries({ queryKey: ['customers'], predicate: isOf }) }, SOON))
  }

  function refetchAll() {
    trim(client)
    client.removeQueries({ queryKey: ['thread'], type: 'inactive' }) // some may be out of sight now
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'readings' && query.queryKey[0] !== 'start' })
  }

  function flush() {
    scheduled = false
    const frames = waiting
    waiting = []
    if (frames.some((frame) => frame.reset)) refetchAll()
    apply(client, frames, me)
    for (const { put, drop, about } of frames) {
      if (put.conversations.length || drop.conversations.length || put.readings.length || about.includes('counts')) refetchSoon('counts')
      for (const id of drop.conversations) void client.resetQueries({ queryKey: ['thread', id] }) // nothing of it stays on screen
      if (drop.conversations.length) refetchSoon('search')
      for (const what of about) if (what !== 'counts') refetchSoon(what)
      for (const row of put.conversations) if (row.customer_id) refetchFile(row.customer_id)
      for (const message of put.messages) {
        // Whom a reply goes to depends on the newest message; only the server knows.
        if (message.kind === 'incoming' || message.kind === 'reply') refetchSoon('thread', message.conversation_id)
        if (message.kind === 'incoming') arrived.value = { message, row: put.conversations.find((row) => row.id === message.conversation_id) }
      }
    }
  }

  function onFrames(frames: Frame[]) {
    waiting.push(...frames)
    recent = [...recent, ...frames].slice(-KEPT)
    for (const frame of frames) seen = Math.max(seen, frame.seq)
    if (scheduled) return
    scheduled = true
    if (document.hidden) setTimeout(flush, 200)
    else requestAnimationFrame(flush)
  }

  function onState(state: StreamState) {
    streamState.value = state
    if (state === 'down') void checkSession()
  }

  function onPresence(now: Presences) {
    presence.value = now
    const all = new Map(presences.value)
    if (now.members.length) all.set(now.conversation_id, now.members)
    else all.delete(now.conversation_id)
    presences.value = all
  }
  function onEverywhere(all: Presences[]) {
    presences.value = new Map(all.map((one) => [one.conversation_id, one.members]))
  }

  const stopWatching = client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const [kind] = event.query.queryKey
    const pages = (event.query.state.data as ListData | ThreadData | undefined)?.pages
    if (!pages || (kind !== 'conversations' && kind !== 'thread')) return
    for (const page of pages) putReadings(client, 'readings' in page ? page.readings : [page.reading])
    apply(client, recent, me)
  })

  const stop = listenTogether(`comptoir-${me}`, { after: () => seen, onFrames, onState, onLost: refetchAll, onPresence, onEverywhere, onLead: () => { isLeading.value = true } })
  return () => {
    stop()
    stopWatching()
    timers.forEach((timer) => clearTimeout(timer))
  }
}

/** Only first pages are worth asking again; what is below comes back when it is scrolled to. */
function trim(client: QueryClient): void {
  for (const queryKey of [['conversations'], ['thread']]) {
    client.setQueriesData<ListData>({ queryKey }, (data) =>
      data && data.pages.length > 1 ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    )
  }
}
