// What this member was told of, and the same in words.
import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from '@/api/client'
import { useMembers } from '@/api/queries'
import type { Notice, NotificationPage } from '@/api/types'
import { useI18n } from '@/i18n'

const QUERY = {
  queryKey: ['notifications'] as const,
  queryFn: ({ pageParam }: { pageParam: string | null }) => ask(api.GET('/api/notifications', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page: NotificationPage) => page.next,
  staleTime: Infinity,
}

export function useNotices() {
  const client = useQueryClient()
  const { data, isError, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery({ ...QUERY, shallow: true })
  const first = computed(() => data.value?.pages[0])
  const rows = computed(() => data.value?.pages.flatMap((page) => page.rows) ?? [])

  /** These, or all of one conversation, or with neither every one. Shown at once. */
  async function read(what: { ids?: number[]; conversation_id?: number }) {
    const isMeant = (row: Notice) => (what.ids ? what.ids.includes(row.id) : what.conversation_id === undefined || row.conversation_id === what.conversation_id)
    client.setQueryData(QUERY.queryKey, (before: typeof data.value) => before && {
      ...before,
      pages: before.pages.map((page, index) => {
        const news = before.pages.flatMap((one) => one.rows).filter((row) => !row.is_read && isMeant(row)).length
        const left = what.ids || what.conversation_id !== undefined ? Math.max(0, page.unread - news) : 0
        return { ...page, unread: index ? page.unread : left, rows: page.rows.map((row) => (isMeant(row) ? { ...row, is_read: true } : row)), ringing: page.ringing.filter((row) => !isMeant(row)) }
      }),
    })
    await ask(api.PUT('/api/notifications/reading', { body: what })).catch(() => client.invalidateQueries({ queryKey: QUERY.queryKey }))
  }

  return {
    rows, isError, hasMore: hasNextPage, isLoadingMore: isFetchingNextPage, loadMore: fetchNextPage, read,
    unread: computed(() => first.value?.unread ?? 0),
    ringing: computed(() => first.value?.ringing ?? []),
    hasSound: computed(() => first.value?.has_sound ?? false),
    isLoading: computed(() => !data.value && !isError.value),
  }
}

/** Several conversations given in one act: it leads to one's own list. */
export const isSeveral = (notice: Notice) => notice.kind === 'assigned' && notice.count > 1

/** "Chloé vous mentionne", beside whose conversation it is. */
export function useNoticeWords() {
  const { t } = useI18n()
  const { byId } = useMembers()
  const actorOf = (notice: Notice) => (notice.actor_id === null ? '' : (byId.value.get(notice.actor_id)?.name ?? ''))
  const about = (notice: Notice) => isSeveral(notice) ? t('notifications.says.several', { n: notice.count }) : notice.title || notice.subject || t('conversations.list.noName')
  function sentence(notice: Notice): string {
    const actor = actorOf(notice)
    if (notice.kind === 'message') return actor ? t('notifications.says.noted', { actor }) : t('notifications.says.message', { n: notice.count }, notice.count)
    if (isSeveral(notice)) return t('notifications.says.severalBy', { actor: actor || t('notifications.rule') })
    if (notice.kind === 'unassigned') return t('notifications.says.unassigned', { n: notice.count }, notice.count)
    return t(`notifications.says.${notice.kind}`, { actor: actor || t('notifications.rule') })
  }
  return { sentence, about }
}
