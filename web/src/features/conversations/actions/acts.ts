// What a member does to a conversation: shown at once, taken back with the reason when the server refuses, undone with one gesture.
import { useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import { belongs, putRow } from '@/api/patch'
import { labelsQuery, listQuery } from '@/api/queries'
import { Refused } from '@/api/problems'
import { useMe } from '@/api/start'
import type { ListData, Member, Pill, Row, Team } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { isNarrow } from '../../shell/narrow'
import { usePlace } from '../place'
import { offerUndo } from './undoing'

/** Until when a conversation sleeps: a moment, the same on one's own wall, or neither: until the customer answers. */
export interface Moment { until?: string | null; local?: string; wakes_on_reply?: boolean }

export function useActs() {
  const { t } = useI18n()
  const client = useQueryClient()
  const me = useMe()
  const place = usePlace()

  async function act(before: Row, change: Partial<Row>, send: () => Promise<unknown>): Promise<boolean> {
    putRow(client, { ...before, ...change }, me.value.id)
    try {
      await send()
      return true
    } catch (error) {
      putRow(client, before, me.value.id)
      refuse(error)
      return false
    }
  }

  /** Something that shows when it is done. */
  async function attempt(work: () => Promise<void>) {
    try {
      await work()
    } catch (error) {
      refuse(error)
    }
  }

  function refuse(error: unknown) {
    toast(t('conversations.failed', { reason: error instanceof Refused ? error.message : t('conversations.offline') }), { tone: 'danger' })
  }

  const path = (row: Row) => ({ params: { path: { conversation_id: row.id } } })
  const putResolution = (row: Row) => act(row, { status: 'resolved', snoozed_until: null }, () => ask(api.PUT('/api/conversations/{conversation_id}/resolution', path(row))))
  const dropResolution = (row: Row) => act(row, { status: 'open', snoozed_until: null }, () => ask(api.DELETE('/api/conversations/{conversation_id}/resolution', path(row))))

  const putPause = (row: Row) => act(row, { status: 'pending', snoozed_until: null }, () => ask(api.PUT('/api/conversations/{conversation_id}/pause', path(row))))
  const putSnooze = (row: Row, moment: Moment) =>
    act(row, { status: 'snoozed', snoozed_until: moment.until ?? null }, () => ask(api.PUT('/api/conversations/{conversation_id}/snooze', { ...path(row), body: moment })))

  /** Back to the status it had. A snooze comes back with its moment, unless that has passed. */
  function restore(before: Row, now: Row) {
    if (before.status === 'resolved') return putResolution(now)
    if (before.status === 'pending') return putPause(now)
    if (before.status === 'snoozed' && !(before.snoozed_until && Date.parse(before.snoozed_until) < Date.now())) return putSnooze(now, { until: before.snoozed_until })
    return dropResolution(now)
  }

  /** It is done with for now: the row leaves the list, the next one opens; undone, it is on screen again. */
  async function setAside(row: Row, change: () => Promise<boolean>, status: Row['status'], words: string, alsoUndo?: () => Promise<unknown>) {
    const next = neighbour(row)
    const done = change()
    const leaves = place.id.value === row.id && !belongs({ ...row, status }, place.filter.value, me.value.id)
    if (leaves) void place.go({ id: isNarrow.value ? null : next }, 'replace')
    if (!(await done)) {
      if (leaves) void place.go({ id: row.id }, 'replace')
      return
    }
    offerUndo(words, async () => {
      await alsoUndo?.()
      await restore(row, { ...row, status })
      await place.go({ id: row.id }, 'replace')
    })
  }

  const resolve = (row: Row) => setAside(row, () => putResolution(row), 'resolved', t('conversations.resolve.done'))
  const pause = (row: Row) => setAside(row, () => putPause(row), 'pending', t('conversations.acts.pause.done'))
  const snooze = (row: Row, moment: Moment, words: string) => setAside(row, () => putSnooze(row, moment), 'snoozed', words)

  async function reopen(row: Row) {
    if (await dropResolution(row)) offerUndo(t('conversations.resolve.reopened'), () => restore(row, { ...row, status: 'open' }))
  }

  const without = (row: Row, label: Pill) => row.labels.filter((one) => one.id !== label.id)
  const labelPath = (row: Row, label: Pill) => ({ params: { path: { conversation_id: row.id, label_id: label.id } } })

  function setLabel(row: Row, label: Pill, isOn: boolean): Promise<boolean> {
    const labels = isOn ? [...without(row, label), label].sort((a, b) => a.name.localeCompare(b.name)) : without(row, label)
    const send = isOn
      ? () => ask(api.PUT('/api/conversations/{conversation_id}/labels/{label_id}', labelPath(row, label)))
      : () => ask(api.DELETE('/api/conversations/{conversation_id}/labels/{label_id}', labelPath(row, label)))
    return act(row, { labels }, send)
  }

  /** A label that is not there yet, made and put on at once. */
  async function createLabel(row: Row, name: string): Promise<void> {
    try {
      const { id, colour } = await ask(api.POST('/api/labels', { body: { name } }))
      await client.invalidateQueries({ queryKey: labelsQuery.queryKey })
      await setLabel(row, { id, name, colour }, true)
    } catch (error) {
      refuse(error)
    }
  }

  const setAssignee = (row: Row, member_id: number | null) =>
    act(row, { assignee_id: member_id }, () =>
      member_id === null
        ? ask(api.DELETE('/api/conversations/{conversation_id}/assignment', path(row)))
        : ask(api.PUT('/api/conversations/{conversation_id}/assignment', { ...path(row), body: { member_id } })),
    )

  async function assign(row: Row, member: Pick<Member, 'id' | 'name'> | null) {
    if (row.assignee_id === (member?.id ?? null)) return
    const before = row.assignee_id
    if (!(await setAssignee(row, member?.id ?? null))) return
    const words = member ? t('conversations.assign.done', { name: member.name }) : t('conversations.assign.undone')
    offerUndo(words, () => setAssignee({ ...row, assignee_id: member?.id ?? null }, before))
  }

  const setTeam = (row: Row, team: Team | null) =>
    act(row, { team_id: team?.id ?? null, ...(team && !team.member_ids.includes(row.assignee_id ?? 0) ? { assignee_id: null } : {}) }, () =>
      team === null
        ? ask(api.DELETE('/api/conversations/{conversation_id}/team', path(row)))
        : ask(api.PUT('/api/conversations/{conversation_id}/team', { ...path(row), body: { team_id: team.id } })),
    )

  /** `before`: the team that it had; giving it back also gives back whom that took it from. */
  async function assignTeam(row: Row, team: Team | null, before: Team | null) {
    if (row.team_id === (team?.id ?? null) || !(await setTeam(row, team))) return
    offerUndo(team ? t('conversations.assign.teamDone', { name: team.name }) : t('conversations.assign.teamUndone'), async () => {
      await setTeam({ ...row, team_id: team?.id ?? null }, before)
      if (row.assignee_id !== null) await setAssignee({ ...row, assignee_id: null }, row.assignee_id)
    })
  }

  function neighbour(row: Row): number | null {
    const rows = client.getQueryData<ListData>(listQuery(place.filter.value).queryKey)?.pages.flatMap((page) => page.rows) ?? []
    const index = rows.findIndex((one) => one.id === row.id)
    return (rows[index + 1] ?? rows[index - 1])?.id ?? null
  }

  return { resolve, reopen, pause, snooze, assign, assignTeam, setLabel, createLabel, offerUndo, act, attempt, setAside }
}
