// What a member does to a conversation: shown at once, taken back with the reason when the server refuses, undone with one gesture.
import { useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import { putRow } from '@/api/patch'
import { listQuery } from '@/api/queries'
import { Refused } from '@/api/problems'
import { useMe } from '@/api/start'
import type { ListData, Member, Row } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { isNarrow } from '../../shell/narrow'
import { usePlace } from '../place'

type Undo = () => Promise<unknown>
const lastUndo = shallowRef<Undo>()

/** Runs the inverse of the last act, once. */
export function undoLast(): void {
  const undo = lastUndo.value
  lastUndo.value = undefined
  void undo?.()
}

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
      toast(t('conversations.failed', { reason: error instanceof Refused ? error.message : t('conversations.offline') }), { tone: 'danger' })
      return false
    }
  }

  function offerUndo(words: string, undo: Undo) {
    lastUndo.value = undo
    toast(words, { act: { words: t('shell.undo'), run: undoLast } })
  }

  const path = (row: Row) => ({ params: { path: { conversation_id: row.id } } })
  const putResolution = (row: Row) => act(row, { status: 'resolved', snoozed_until: null }, () => ask(api.PUT('/api/conversations/{conversation_id}/resolution', path(row))))
  const dropResolution = (row: Row) => act(row, { status: 'open', snoozed_until: null }, () => ask(api.DELETE('/api/conversations/{conversation_id}/resolution', path(row))))

  /** The row leaves, the next one opens. */
  async function resolve(row: Row) {
    const next = neighbour(row)
    const done = putResolution(row)
    const leaves = place.id.value === row.id && place.status.value !== 'any' && place.status.value !== 'resolved'
    if (leaves) void place.go({ id: isNarrow.value ? null : next }, 'replace')
    if (!(await done)) {
      if (leaves) void place.go({ id: row.id }, 'replace')
    } else {
      offerUndo(t('conversations.resolve.done'), async () => {
        await dropResolution({ ...row, status: 'resolved' })
        await place.go({ id: row.id }, 'replace')
      })
    }
  }

  async function reopen(row: Row) {
    if (await dropResolution(row)) offerUndo(t('conversations.resolve.reopened'), () => putResolution({ ...row, status: 'open' }))
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

  function neighbour(row: Row): number | null {
    const rows = client.getQueryData<ListData>(listQuery(place.filter.value).queryKey)?.pages.flatMap((page) => page.rows) ?? []
    const index = rows.findIndex((one) => one.id === row.id)
    return (rows[index + 1] ?? rows[index - 1])?.id ?? null
  }

  return { resolve, reopen, assign }
}
