import { describe, expect, test } from 'vitest'
import { matches } from '@/api/matching'
import { belongs, patchList, whole } from '@/api/patch'
import type { Filter, ListData, More } from '@/api/types'
import { filterIn, isSame, wordsOf } from '@/features/conversations/place'
import { kept, shown } from '@/features/conversations/views/views'
import { ANNE, MARIE, page, row } from './cast'

const label = (id: number) => ({ id, name: `L${id}`, colour: 'teal' })

describe('a filter in the address', () => {
  test.each<Filter>([
    { tab: 'mine', status: 'open' },
    { tab: 'all', status: 'open,pending' },
    { tab: 'unassigned', status: 'any', more: { kind: 'whatsapp', channel: '3,7', label_any: '1,2', label_none: '9', unread: 'true' } },
    { tab: 'all', status: 'snoozed', more: { assignee: 'me,nobody,12', team: '4', priority: 'urgent,high', failed: 'true', active_from: '2026-11-01', created_to: '2026-11-30' } },
  ])('is read as it was written, in the address and in a view: $status', (filter) => {
    expect(filterIn(wordsOf(filter))).toEqual(filter)
    expect(isSame(shown(kept(filter)), filter)).toBe(true)
  })

  test('is the usual one where an address says nothing, or nonsense', () => {
    expect(filterIn({ status: 'melted,open', tab: 'yours', label_any: '' })).toEqual({ tab: 'mine', status: 'open' })
    expect(wordsOf({ tab: 'mine', status: 'open' })).toEqual({})
  })

  test('is kept as the server wants it: numbers for ids, words for the rest', () => {
    expect(kept({ tab: 'all', status: 'any', more: { assignee: 'me,12', label_all: '3', failed: 'true', active_to: '2026-11-01' } })).toEqual({ tab: 'all', status: ['any'], assignee: ['me', 12], label_all: [3], failed: true, active_to: '2026-11-01' })
  })
})

describe('a row that a frame brings', () => {
  test.each<[More, boolean]>([
    [{ kind: 'email' }, true],
    [{ kind: 'whatsapp' }, false],
    [{ channel: '1,5' }, true],
    [{ assignee: 'nobody' }, false],
    [{ assignee: 'me' }, true],
    [{ assignee: `${ANNE}` }, false],
    [{ label_any: '1,9' }, true],
    [{ label_all: '1,2' }, true],
    [{ label_all: '1,9' }, false],
    [{ label_none: '2' }, false],
    [{ label_none: '9' }, true],
    [{ priority: 'urgent' }, false],
    [{ failed: 'true' }, false],
    [{ created_from: '2026-11-18', created_to: '2026-11-18' }, true],
    [{ active_from: '2026-11-19' }, false],
  ])('is asked everything: %o', (more, expected) => {
    expect(matches(row(1, { labels: [label(1), label(2)] }), more, MARIE)).toBe(expected)
  })

  const unread: Filter = { tab: 'all', status: 'any', more: { unread: 'true' } }
  const list = (...rows: ReturnType<typeof row>[]): ListData => ({ pages: [page(rows)], pageParams: [null] })
  const ids = (data: ListData) => data.pages.flatMap((one) => one.rows.map((each) => each.id))

  test('comes into a list of the unread only unread, and stays there once read', () => {
    const frame = whole({ seq: 11, put: { conversations: [row(1, { version: 2, last_incoming_id: 5 }), row(2, { last_incoming_id: 7 }), row(3, { last_incoming_id: 7 })] } })
    expect(ids(patchList(list(row(1)), [frame], unread, MARIE, { 1: 5, 2: 7 }))).toEqual([1, 3])
  })

  test('joins the statuses it is one of', () => {
    expect(belongs(row(1, { status: 'pending' }), { tab: 'all', status: 'open,pending' }, MARIE)).toBe(true)
    expect(belongs(row(1, { status: 'resolved' }), { tab: 'all', status: 'open,pending' }, MARIE)).toBe(false)
  })

  test('stands above the cursor of a short page, though below every row of it', () => {
    const short: ListData = { pages: [page([row(1)], { next: `${Date.parse('2026-11-01T00:00:00Z')}.4` })], pageParams: [null] }
    const late = row(8, { last_at: '2026-11-10T00:00:00Z' })
    const later = row(9, { last_at: '2026-10-10T00:00:00Z' })
    const all: Filter = { tab: 'all', status: 'open' }
    expect(ids(patchList(short, [whole({ seq: 11, put: { conversations: [late, later] } })], all, MARIE))).toEqual([1, 8])
  })
})
