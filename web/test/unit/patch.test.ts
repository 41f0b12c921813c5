import { QueryClient } from '@tanstack/vue-query'
import { describe, expect, test } from 'vitest'
import { apply, belongs, patchList, patchReadings, patchThread, whole } from '@/api/patch'
import { listQuery, readingsKey, threadQuery } from '@/api/queries'
import type { Filter, Frame, ListData, Row, ThreadData } from '@/api/types'
import { ANNE, MARIE, message, page, row, thread } from './cast'

const MINE: Filter = { tab: 'mine', status: 'open' }
const ALL: Filter = { tab: 'all', status: 'any' }
const list = (...pages: ReturnType<typeof page>[]): ListData => ({ pages, pageParams: pages.map(() => null) })
const messages = (...pages: ReturnType<typeof thread>[]): ThreadData => ({ pages, pageParams: pages.map(() => null) })
const ids = (data: ListData) => data.pages.flatMap((one) => one.rows.map((each) => each.id))
const put = (seq: number, ...conversations: Row[]): Frame => whole({ seq, put: { conversations } })

describe('the list', () => {
  const before = list(page([row(1), row(2), row(3)]))

  test('a newer row takes its place by time, the others keep their identity', () => {
    const after = patchList(before, [put(11, row(3, { version: 2, last_at: '2026-11-18T10:00:00Z' }))], MINE, MARIE)
    expect(ids(after)).toEqual([3, 1, 2])
    expect(after.pages[0]?.rows[1]).toBe(before.pages[0]?.rows[0])
  })

  test('the same frame twice changes nothing the second time', () => {
    const frames = [put(11, row(2, { version: 2, preview: 'Merci' })), whole({ seq: 12, drop: { conversations: [3] } })]
    const once = patchList(before, frames, MINE, MARIE)
    expect(patchList(once, frames, MINE, MARIE)).toEqual(once)
  })

  test('a frame older than the answer is ignored', () => {
    expect(patchList(before, [put(9, row(9))], MINE, MARIE)).toBe(before)
  })

  test('an older version never wins', () => {
    const data = list(page([row(1, { version: 5 })]))
    expect(patchList(data, [put(11, row(1, { version: 4, preview: 'old' }))], MINE, MARIE)).toBe(data)
  })

  test('a row that no longer belongs leaves, one that now belongs comes', () => {
    const after = patchList(before, [put(11, row(1, { version: 2, assignee_id: ANNE }), row(4))], MINE, MARIE)
    expect(ids(after)).toEqual([2, 3, 4])
  })

  test('what lies below the loaded pages is not invented', () => {
    const data = list(page([row(1), row(2)], { next: 'c' }))
    expect(ids(patchList(data, [put(11, row(9, { last_at: '2020-01-01T00:00:00Z' }))], MINE, MARIE))).toEqual([1, 2])
  })

  test('frames then answer equals answer then frames', () => {
    const frames = [put(11, row(2, { version: 2, last_at: '2026-11-18T10:00:00Z' })), put(12, row(5, { version: 1, last_at: '2026-11-18T11:00:00Z' })), put(13, row(1, { version: 3, status: 'resolved' }))]
    const fresh = list(page([row(5, { last_at: '2026-11-18T11:00:00Z' }), row(2, { version: 2, last_at: '2026-11-18T10:00:00Z' }), row(3)], { seq: 13 }))
    expect(ids(patchList(before, frames, MINE, MARIE))).toEqual(ids(fresh))
    expect(patchList(fresh, frames, MINE, MARIE)).toBe(fresh)
  })

  test('an answer of two pages read at two moments converges', () => {
    // Page 2 was read at 20, when 3 had already gone up; its rise was told at 15.
    const data = list(page([row(1), row(2)], { seq: 10, next: 'c' }), page([row(4)], { seq: 20 }))
    expect(ids(patchList(data, [put(15, row(3, { version: 2, last_at: '2026-11-18T12:00:00Z' }))], MINE, MARIE))).toEqual([3, 1, 2, 4])
  })

  test('belongs: tabs and statuses', () => {
    expect(belongs(row(1), MINE, MARIE)).toBe(true)
    expect(belongs(row(1, { assignee_id: null }), { tab: 'unassigned', status: 'open' }, MARIE)).toBe(true)
    expect(belongs(row(1, { status: 'snoozed' }), { tab: 'all', status: 'open' }, MARIE)).toBe(false)
    expect(belongs(row(1, { status: 'snoozed', assignee_id: ANNE }), ALL, MARIE)).toBe(true)
  })
})

describe('the thread', () => {
  const before = messages(thread([message(1), message(2)]))

  test('a new message comes last, a changed one in its place, twice is once', () => {
    const frames = [whole({ seq: 11, put: { messages: [message(3), message(2, { text: 'changed' })] } })]
    const after = patchThread(before, frames)
    expect(after.pages[0]?.messages.map((one) => one.text)).toEqual(['message 1', 'changed', 'message 3'])
    expect(patchThread(after, frames)).toEqual(after)
    expect(after.pages[0]?.messages[0]).toBe(before.pages[0]?.messages[0])
  })

  test('a mail that was late stands where the server will put it: by its time', () => {
    const after = patchThread(before, [whole({ seq: 11, put: { messages: [message(3, { at: '2026-11-18T09:01:30Z' })] } })])
    expect(after.pages[0]?.messages.map((one) => one.id)).toEqual([1, 3, 2])
  })

  test('a dropped message leaves', () => {
    expect(patchThread(before, [whole({ seq: 11, drop: { messages: [1] } })]).pages[0]?.messages.map((one) => one.id)).toEqual([2])
  })

  test('other conversations and older frames change nothing', () => {
    expect(patchThread(before, [whole({ seq: 11, put: { messages: [message(9, { conversation_id: 2 })] } })])).toBe(before)
    expect(patchThread(before, [whole({ seq: 10, put: { messages: [message(9)] } })])).toBe(before)
  })

  test('a message older than what is loaded waits for its page', () => {
    const data = messages(thread([message(5)], { older: '5' }))
    expect(patchThread(data, [whole({ seq: 11, put: { messages: [message(2)] } })])).toBe(data)
  })
})

test('reading only goes forward', () => {
  const readings = { 1: 5 }
  expect(patchReadings(readings, [{ conversation_id: 1, upto: 3 }])).toBe(readings)
  expect(patchReadings(readings, [{ conversation_id: 1, upto: 7 }, { conversation_id: 2, upto: 0 }])).toEqual({ 1: 7, 2: 0 })
})

test('the whole cache is patched at once', () => {
  const client = new QueryClient()
  client.setQueryData(listQuery(MINE).queryKey, list(page([row(1)])))
  client.setQueryData(listQuery({ tab: 'unassigned', status: 'open' }).queryKey, list(page([])))
  client.setQueryData(threadQuery(1).queryKey, messages(thread([message(1)])))
  const moved = row(1, { version: 2, assignee_id: null })
  apply(client, [whole({ seq: 11, put: { conversations: [moved], readings: [{ conversation_id: 1, upto: 1 }] } })], MARIE)
  expect(client.getQueryData(listQuery(MINE).queryKey)?.pages[0]?.rows).toEqual([])
  expect(client.getQueryData(listQuery({ tab: 'unassigned', status: 'open' }).queryKey)?.pages[0]?.rows).toEqual([moved])
  expect(client.getQueryData(threadQuery(1).queryKey)?.pages[0]?.conversation).toEqual(moved)
  expect(client.getQueryData(readingsKey)).toEqual({ 1: 1 })
})
