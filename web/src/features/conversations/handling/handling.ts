// What a team does with a conversation besides answering it: each act shows at once, says when it was refused, and can be undone.
import { useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import type { Row } from '@/api/types'
import { useI18n } from '@/i18n'
import { useActs } from '../actions/acts'
import { usePlace } from '../place'

export type Priority = NonNullable<Row['priority']>
export const PRIORITIES: readonly Priority[] = ['urgent', 'high', 'normal', 'low', 'none']

const path = (row: Pick<Row, 'id'>) => ({ params: { path: { conversation_id: row.id } } })

export function useHandling() {
  const { t } = useI18n()
  const client = useQueryClient()
  const place = usePlace()
  const { act, attempt, setAside, offerUndo } = useActs()

  const setPriority = (row: Row, priority: Priority) =>
    act(row, { priority }, () => ask(api.PUT('/api/conversations/{conversation_id}/priority', { ...path(row), body: { priority } })))

  async function prioritize(row: Row, priority: Priority) {
    const before = row.priority ?? 'none'
    if (before === priority || !(await setPriority(row, priority))) return
    offerUndo(t(`conversations.priority.${priority}`), () => setPriority({ ...row, priority }, before))
  }

  const putSpam = (row: Row) => act(row, { status: 'spam', snoozed_until: null }, () => ask(api.PUT('/api/conversations/{conversation_id}/spam', path(row))))
  const dropSpam = (row: Row) => act(row, { status: 'open' }, () => ask(api.DELETE('/api/conversations/{conversation_id}/spam', path(row))))

  const markSpam = (row: Row) => setAside(row, () => putSpam(row), 'spam', t('conversations.handling.spam.done'))

  async function unmarkSpam(row: Row) {
    if (await dropSpam(row)) offerUndo(t('conversations.handling.spam.undone'), () => putSpam({ ...row, status: 'open' }))
  }

  /** The sender, from now on; and this is spam. The list of Settings has the way back for both. */
  const block = (row: Row) =>
    setAside(row, () => act(row, { status: 'spam', snoozed_until: null }, () => ask(api.PUT('/api/conversations/{conversation_id}/block', path(row)))), 'spam', t('conversations.handling.block.done'), () => unblock(row))

  async function unblock(row: Row) {
    await attempt(async () => {
      for (const sender of await ask(api.GET('/api/blocked-senders'))) {
        if (sender.contact_id === row.contact_id) await ask(api.DELETE('/api/blocked-senders/{identity_id}', { params: { path: { identity_id: sender.id } } }))
      }
    })
  }

  const refresh = (...ids: number[]) => Promise.all(ids.map((id) => client.invalidateQueries({ queryKey: ['thread', id] })))

  const unmerge = (source: number, target: number) =>
    attempt(async () => {
      await ask(api.DELETE('/api/conversations/{conversation_id}/merge', path({ id: source })))
      await refresh(source, target)
    })

  /** `source` becomes part of `target`, which stays on screen. */
  const merge = (source: Row, target: Row) =>
    attempt(async () => {
      await ask(api.PUT('/api/conversations/{conversation_id}/merge', { ...path(source), body: { conversation_id: target.id } }))
      if (place.id.value !== target.id) await place.go({ id: target.id }, 'replace')
      await refresh(source.id, target.id)
      offerUndo(t('conversations.handling.merge.done'), () => unmerge(source.id, target.id))
    })

  const setFollowing = (row: Row, member_id: number, isOn: boolean) =>
    attempt(async () => {
      const at = { params: { path: { conversation_id: row.id, member_id } } }
      await ask(isOn ? api.PUT('/api/conversations/{conversation_id}/participants/{member_id}', at) : api.DELETE('/api/conversations/{conversation_id}/participants/{member_id}', at))
      await client.invalidateQueries({ queryKey: ['participants', row.id] })
    })

  return { prioritize, markSpam, unmarkSpam, block, merge, unmerge, setFollowing }
}

export const participantsQuery = (id: number) => ({
  queryKey: ['participants', id] as const,
  queryFn: async () => (await ask(api.GET('/api/conversations/{conversation_id}/participants', path({ id })))).member_ids,
  staleTime: 30_000,
})
