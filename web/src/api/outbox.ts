// What a member has sent and the server has not confirmed yet. Kept in local storage, so that neither a lost network nor a closed
// tab loses a word; replayed in order, one conversation at a time. A `client_id` sent twice is the same message.
import { useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import { api, ask } from './client'
import { mentionableQuery, mentionsIn } from './mentions'
import { apply, whole } from './patch'
import { isTransient, Refused } from './problems'
import { useMe } from './start'
import type { Message, NewNote, NewReply, Row, Upload } from './types'

export interface Sending {
  client_id: string
  conversation_id: number
  kind: 'reply' | 'note'
  body: NewReply | NewNote
  files: Upload[]
  at: string
  /** `refused`: the server said no, with this sentence; the text waits for a decision. */
  state: 'waiting' | 'sending' | 'refused'
  reason?: string
  /** The stable code of the refusal. */
  code?: string
  /** What its bubble shows meanwhile, beyond its words. */
  shown?: Partial<Message>
  then_resolve?: boolean
  /** Stopped: what had arrived that its author had not seen. */
  news?: News[]
}

export type News = Pick<Message, 'id' | 'kind' | 'member_id' | 'sender' | 'text'>

/** A reply that waits for its author to look at what is new. */
export const isStopped = (item: Sending): boolean => item.state === 'refused' && item.code === 'newer_messages'

/** Sends one; rejects with Refused or Unreachable. */
export type Send = (item: Sending) => Promise<Message>

export interface Outbox {
  items: ComputedRef<Sending[]>
  add: (item: Omit<Sending, 'at' | 'state'>) => void
  retry: (client_id: string, body?: Partial<NewReply>) => void
  remove: (client_id: string) => Sending | undefined
  /** The server has it: seen in a frame or in a thread. */
  confirm: (client_ids: Iterable<string>) => void
  flush: () => Promise<void>
}

export function uuid(): string {
  // crypto.randomUUID exists only in secure contexts; an office server on plain HTTP is not one.
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function createOutbox(storageKey: string, send: Send, onSent: (message: Message, item: Sending) => void = () => {}): Outbox {
  const items = shallowRef<Sending[]>(read(storageKey))
  const busy = new Set<number>()
  let failures = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined

  function write(next: Sending[]) {
    items.value = next
    try {
      localStorage.setItem(storageKey, JSON.stringify(next))
    } catch {
      // A full storage only costs the safety net.
    }
  }
  const change = (client_id: string, part: Partial<Sending>) => write(items.value.map((item) => (item.client_id === client_id ? { ...item, ...part } : item)))
  const without = (ids: ReadonlySet<string>) => write(items.value.filter((item) => !ids.has(item.client_id)))

  async function drain(conversation_id: number) {
    if (busy.has(conversation_id)) return
    busy.add(conversation_id)
    try {
      for (;;) {
        const item = items.value.find((one) => one.conversation_id === conversation_id && one.state !== 'refused')
        if (!item) return
        change(item.client_id, { state: 'sending' })
        try {
          const message = await send(item)
          failures = 0
          without(new Set([item.client_id]))
          onSent(message, item)
        } catch (error) {
          if (isTransient(error)) {
            change(item.client_id, { state: 'waiting' })
            clearTimeout(retryTimer)
            retryTimer = setTimeout(() => void flush(), Math.min(60_000, 1000 * 2 ** failures++))
            return
          }
          change(item.client_id, { state: 'refused', reason: error instanceof Error ? error.message : String(error), ...(error instanceof Refused ? { code: error.code, ...newsIn(error) } : {}) })
        }
      }
    } finally {
      busy.delete(conversation_id)
    }
  }

  async function flush() {
    await Promise.all([...new Set(items.value.map((item) => item.conversation_id))].map(drain))
  }

  globalThis.addEventListener?.('online', () => void flush())
  globalThis.addEventListener?.('storage', (event) => {
    if (event.key === storageKey && busy.size === 0) items.value = read(storageKey)
  })

  return {
    items: computed(() => items.value),
    add(item) {
      write([...items.value, { ...item, at: new Date().toISOString(), state: 'waiting' }])
      void flush()
    },
    retry(client_id, body = {}) {
      const item = items.value.find((one) => one.client_id === client_id)
      if (item) change(client_id, { state: 'waiting', body: { ...item.body, ...body } })
      void flush()
    },
    remove(client_id) {
      const item = items.value.find((one) => one.client_id === client_id)
      without(new Set([client_id]))
      return item
    },
    confirm(client_ids) {
      const ids = new Set(client_ids)
      if (items.value.some((item) => ids.has(item.client_id))) without(ids)
    },
    flush,
  }
}

const newsIn = ({ facts }: Refused): Pick<Sending, 'news'> =>
  Array.isArray(facts['messages'])
    ? { news: (facts['messages'] as Message[]).map(({ id, kind, member_id, sender, text }) => ({ id, kind, member_id, sender, text: text.slice(0, 200) })) }
    : {}

function read(storageKey: string): Sending[] {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as Sending[]
    // Left in the middle of a request: asked again, the client_id makes it the same message.
    return kept.map((item) => (item.state === 'sending' ? { ...item, state: 'waiting' } : item))
  } catch {
    return []
  }
}

const current = shallowRef<Outbox>()

/** The outbox of the signed-in member, who asks first starts it. */
export function useOutbox(): Outbox {
  return (current.value ??= start(useQueryClient(), useMe().value.id))
}

function start(client: QueryClient, me: number): Outbox {
  /** What stops a reply is on screen at once, also where the stream is cut. */
  const show = (error: unknown): never => {
    if (error instanceof Refused && Array.isArray(error.facts['messages'])) apply(client, [whole({ seq: Infinity, put: { messages: error.facts['messages'] as Message[] } })], me)
    throw error
  }
  /** Whom it calls is settled when it leaves: its author may be quicker than the list of those who can be called. */
  const noteOf = async ({ body, conversation_id }: Sending): Promise<NewNote> => ({
    ...body, mentions: body.text.includes('@') ? mentionsIn(body.text, await client.fetchQuery(mentionableQuery(conversation_id))) : [],
  })
  const post = async (item: Sending): Promise<Message> => {
    const params = { path: { conversation_id: item.conversation_id } }
    return item.kind === 'note'
      ? ask(api.POST('/api/conversations/{conversation_id}/notes', { params, body: await noteOf(item) }))
      : ask(api.POST('/api/conversations/{conversation_id}/messages', { params, body: item.body as NewReply })).catch(show)
  }
  const onSent = (message: Message, item: Sending) => {
    if (!knows(client, message)) apply(client, [whole({ seq: Infinity, put: { messages: [message] } })], me)
    if (item.then_resolve) void ask(api.PUT('/api/conversations/{conversation_id}/resolution', { params: { path: { conversation_id: item.conversation_id } } })).catch(() => {})
  }
  const outbox = createOutbox(`outbox-${me}`, post, onSent)
  void outbox.flush()
  return outbox
}

/** The stream may have been quicker than the answer, and know better. */
function knows(client: QueryClient, message: Message): boolean {
  const thread = client.getQueryData<{ pages: { messages: Message[]; conversation: Row }[] }>(['thread', message.conversation_id])
  return thread?.pages.some((page) => page.messages.some((one) => one.id === message.id)) ?? false
}

export const isOnline = ref(globalThis.navigator?.onLine ?? true)
globalThis.addEventListener?.('online', () => { isOnline.value = true })
globalThis.addEventListener?.('offline', () => { isOnline.value = false })
watch(isOnline, (online) => { if (online) void current.value?.flush() })
