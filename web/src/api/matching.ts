// What a filter says beyond tab and status, asked of one row: whether a row that a frame brings belongs into a list.
// A chunk of its own: it comes with the first list that needs it (queries.ts).
import { timezone } from '@/i18n'
import { matchers } from './patch'
import type { More, Row } from './types'

const dayIn = (zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })

/** Unread apart, which is the reader's own and in no row. */
export function matches(row: Row, more: More, me: number): boolean {
  const has = (value: string | number | null | undefined, wanted: string | undefined) => !wanted || wanted.split(',').includes(String(value))
  const labels = row.labels.map((label) => String(label.id))
  const ids = (list: string | undefined) => list?.split(',') ?? []
  const isAssigned = ids(more.assignee).some((who) => (who === 'nobody' ? row.assignee_id === null : row.assignee_id === (who === 'me' ? me : Number(who))))
  const day = dayIn(timezone())
  const isWithin = (at: string, from: string | undefined, to: string | undefined) => {
    const on = from || to ? day.format(new Date(at)) : ''
    return (!from || on >= from) && (!to || on <= to)
  }
  return (
    has(row.channel_kind, more.kind) && has(row.channel_id, more.channel) && has(row.team_id, more.team) && has(row.priority, more.priority)
    && (!more.assignee || isAssigned) && (!more.failed || row.has_failed)
    && (!more.label_any || ids(more.label_any).some((id) => labels.includes(id)))
    && ids(more.label_all).every((id) => labels.includes(id)) && !ids(more.label_none).some((id) => labels.includes(id))
    && isWithin(row.last_at, more.active_from, more.active_to) && isWithin(row.created_at, more.created_from, more.created_to)
  )
}

matchers.more = matches
