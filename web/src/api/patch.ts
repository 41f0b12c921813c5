// THE reducer. A frame says what is now true; this puts it (or drops it) by id in every answer that the cache holds.
// Replaying a frame changes nothing, an older one never wins over a newer answer, and what did not change keeps its identity.
import type { QueryClient } from '@tanstack/vue-query'
import { draftMarksKey, isUnread, readingsKey } from './queries'
import type { DraftMark, Filter, Frame, ListData, More, Page, Readings, Row, Thread, ThreadData } from './types'

export const NOTHING: Frame = { seq: 0, put: { conversations: [], messages: [], activities: [], readings: [], drafts: [] }, drop: { conversations: [], messages: [] }, reset: false, about: [] }

/** A frame with every list present: the server leaves out what is empty. */
export function whole(frame: { seq: number; put?: Partial<Frame['put']>; drop?: Partial<Frame['drop']>; reset?: boolean; about?: string[] }): Frame {
  return { seq: frame.seq, put: { ...NOTHING.put, ...frame.put }, drop: { ...NOTHING.drop, ...frame.drop }, reset: frame.reset ?? false, about: frame.about ?? [] }
}

/** Who knows the filters beyond tab and status: there as soon as a list has one (matching.ts). */
export const matchers: { more?: (row: Row, more: More, me: number) => boolean } = {}

export function belongs(row: Row, { tab, status, more }: Filter, me: number): boolean {
  if (status === 'any' ? row.status === 'spam' : !status.split(',').includes(row.status)) return false
  if (more && !matchers.more?.(row, more, me)) return false
  return tab === 'all' || row.assignee_id === (tab === 'mine' ? me : null)
}

/** The order of the list: newest first, then the higher id. */
function isAbove(a: Row, b: { last_at: string | number; id: number }): boolean {
  const newer = Date.parse(a.last_at) - Number(new Date(b.last_at))
  return newer !== 0 ? newer > 0 : a.id > b.id
}

export function patchList(data: ListData, frames: readonly Frame[], filter: Filter, me: number, readings: Readings = {}): ListData {
  const trueAt = Math.min(...data.pages.map((page) => page.seq))
  const news = frames.filter((frame) => frame.seq > trueAt && (frame.put.conversations.length || frame.drop.conversations.length))
  if (!news.length) return data

  const rows = new Map<number, Row>(data.pages.flatMap((page) => page.rows.map((row) => [row.id, row] as const)))
  const touched = new Set<number>()
  for (const { put, drop } of news) {
    for (const row of put.conversations) {
      const known = rows.get(row.id)
      if (known && (known.version > row.version || known === row)) continue
      // One that is read meanwhile stays where it is, under the eyes that read it; one that comes must be unread.
      const isWanted = known || !filter.more?.unread || isUnread(row, readings)
      if (isWanted && belongs(row, filter, me)) rows.set(row.id, row)
      else if (!rows.delete(row.id)) continue
      touched.add(row.id)
    }
    for (const id of drop.conversations) if (rows.delete(id)) touched.add(id)
  }
  return touched.size ? arrange(data, rows, touched) : data
}

/** Puts touched rows where they belong. All rows go into the first page; the pages below keep their cursors. */
function arrange(data: ListData, rows: Map<number, Row>, touched: Set<number>): ListData {
  const order = data.pages.flatMap((page) => page.rows).filter((row) => rows.has(row.id) && !touched.has(row.id))
  // What is above the cursor of the next page would not come with it.
  const [nextAt = 0, nextId = 0] = (data.pages.at(-1)?.next ?? '0.0').split('.').map(Number)
  for (const id of touched) {
    const row = rows.get(id)
    if (!row) continue
    const index = order.findIndex((other) => isAbove(row, other))
    if (index >= 0) order.splice(index, 0, row)
    else if (isAbove(row, { last_at: nextAt, id: nextId })) order.push(row) // else it lies below what is loaded
  }
  const pages = data.pages.map((page, index): Page => ({ ...page, rows: index === 0 ? order : [] }))
  return { ...data, pages }
}

interface Dated { id: number; at: string }

/** The order of a thread's page, as the server gives it: by time, then by id. A mail that was late stands where it belongs. */
function byTime(a: Dated, b: Dated): number {
  return Date.parse(a.at) - Date.parse(b.at) || a.id - b.id
}

export function patchThread(data: ThreadData, frames: readonly Frame[]): ThreadData {
  const newest = data.pages[0]
  if (!newest) return data
  const id = newest.conversation.id
  let { conversation } = newest
  let pages = data.pages
  const change = (index: number, part: Partial<Thread>) => { pages = pages.map((page, i) => (i === index ? { ...page, ...part } : page)) }

  for (const { seq, put, drop } of frames) {
    if (seq <= newest.seq) continue
    for (const row of put.conversations) if (row.id === id && row.version >= conversation.version && row !== conversation) conversation = row
    for (const message of put.messages) {
      if (message.conversation_id === id) placeIn('messages', message)
      else remove(message.id) // it was moved to another conversation
    }
    for (const activity of put.activities) if (activity.conversation_id === id) placeIn('activities', activity)
    for (const dropped of drop.messages) remove(dropped)
  }

  function remove(messageId: number) {
    pages.forEach((page, index) => {
      if (page.messages.some((message) => message.id === messageId)) change(index, { messages: page.messages.filter((message) => message.id !== messageId) })
    })
  }

  function placeIn<K extends 'messages' | 'activities'>(list: K, item: Thread[K][number]) {
    const index = pages.findIndex((page) => page[list].some((one) => one.id === item.id))
    const at = index >= 0 ? index : 0
    const kept = (pages[at]?.[list] ?? []) as Dated[]
    const next = index >= 0 ? kept.map((one) => (one.id === item.id ? item : one)) : [...kept, item].sort(byTime)
    if (index < 0 && isAbovePage(list, item)) return
    change(at, { [list]: next })
  }

  /** Older than everything loaded, while there is more above: it will come with its page. */
  function isAbovePage(list: 'messages' | 'activities', item: Dated): boolean {
    const loaded = pages.at(-1)?.[list] ?? []
    return pages.at(-1)?.older != null && loaded.length > 0 && loaded.every((one) => byTime(item, one) < 0)
  }

  if (conversation !== newest.conversation) change(0, { conversation })
  return pages === data.pages ? data : { ...data, pages }
}

/** A page only moves reading forward: it may be older than what one did since. A frame also moves it back, to unread. */
export function patchReadings(readings: Readings, news: readonly { conversation_id: number; upto: number }[], isFrame = false): Readings {
  const last = new Map(news.map(({ conversation_id, upto }) => [conversation_id, upto]))
  const changed = [...last].filter(([id, upto]) => (isFrame ? upto !== readings[id] : upto > (readings[id] ?? -2)))
  return changed.length ? { ...readings, ...Object.fromEntries(changed) } : readings
}

/** Applies frames to the whole cache, with at most one write per answer that really changed. */
export function apply(client: QueryClient, frames: readonly Frame[], me: number): void {
  const cache = client.getQueryCache()
  for (const query of cache.findAll({ queryKey: ['conversations'] })) {
    const data = query.state.data as ListData | undefined
    const next = data && patchList(data, frames, query.queryKey[1] as Filter, me, client.getQueryData(readingsKey))
    if (next && next !== data) client.setQueryData(query.queryKey, next)
  }
  for (const query of cache.findAll({ queryKey: ['thread'] })) {
    const data = query.state.data as ThreadData | undefined
    const next = data && patchThread(data, frames)
    if (next && next !== data) client.setQueryData(query.queryKey, next)
  }
  // Gone, merged or parted: what its thread shows is another one's, or more than the frame says.
  for (const { put, drop } of frames) {
    const stale = [...drop.conversations, ...put.activities.filter(({ type }) => /merged/.test(type)).map((line) => line.conversation_id)]
    for (const id of stale) void client.invalidateQueries({ queryKey: ['thread', id] })
  }
  putReadings(client, frames.flatMap((frame) => frame.put.readings), true)
  const marks = frames.flatMap((frame) => frame.put.drafts)
  if (marks.length) client.setQueryData<DraftMark[]>(draftMarksKey, (before) => before && patchMarks(before, marks))
}

/** The last mark of each conversation counts; without a mode there is no draft any more. */
export function patchMarks(before: readonly DraftMark[], news: readonly DraftMark[]): DraftMark[] {
  const marks = new Map([...before, ...news].map((mark) => [mark.conversation_id, mark]))
  return [...marks.values()].filter((mark) => mark.modes.length)
}

export function putReadings(client: QueryClient, news: readonly { conversation_id: number; upto: number }[], isFrame = false): void {
  const before = client.getQueryData<Readings>(readingsKey) ?? {}
  const after = patchReadings(before, news, isFrame)
  if (after !== before) client.setQueryData(readingsKey, after)
}

/** Says something true before the server does: an optimistic act. Its echo has a higher version and wins. */
export function putRow(client: QueryClient, row: Row, me: number): void {
  apply(client, [whole({ seq: Infinity, put: { conversations: [row] } })], me)
}
