// Views: filters under a name. What they show is asked of the server; the address says which one is open.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { api, ask } from '@/api/client'
import { Refused } from '@/api/problems'
import type { Filter, More } from '@/api/types'
import type { components } from '@/api/schema'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { MORE, usePlace, viewFilters } from '../place'

export type View = components['schemas']['ViewView']
type Kept = components['schemas']['Filter']

const live = { staleTime: Infinity } as const
const viewsQuery = { queryKey: ['views'] as const, queryFn: () => ask(api.GET('/api/views')), ...live }
const viewCountsQuery = { queryKey: ['counts', 'views'] as const, queryFn: () => ask(api.GET('/api/views/counts')), ...live }

/** As the server keeps it, and back. */
export function kept(filter: Filter): Kept {
  const lists = new Set(['unread', 'failed', 'active_from', 'active_to', 'created_from', 'created_to'])
  const numbers = new Set(['channel', 'team', 'label_any', 'label_all', 'label_none'])
  const value = (name: string, words: string) => {
    if (words === 'true') return true
    if (lists.has(name)) return words
    return words.split(',').map((one) => (numbers.has(name) || (name === 'assignee' && /^\d+$/.test(one)) ? Number(one) : one))
  }
  return { tab: filter.tab, status: filter.status.split(','), ...Object.fromEntries(Object.entries(filter.more ?? {}).map(([name, words]) => [name, value(name, words)])) } as Kept
}
export function shown(filter: Kept): Filter {
  const words = MORE.map((name) => [name, filter[name]] as const).filter(([, value]) => (Array.isArray(value) ? value.length : value)).map(([name, value]) => [name, String(value)])
  return { tab: filter.tab ?? 'all', status: (filter.status ?? ['open']).join(','), ...(words.length ? { more: Object.fromEntries(words) as More } : {}) }
}

export function useViews() {
  const { t } = useI18n()
  const client = useQueryClient()
  const place = usePlace()
  const { data, isError } = useQuery({ ...viewsQuery, shallow: true })
  const views = computed(() => data.value ?? [])
  watch([data, isError], () => {
    if (data.value) viewFilters.value = new Map(data.value.map((view) => [view.id, shown(view.filter)]))
    else if (isError.value) viewFilters.value = new Map()
  }, { immediate: true })
  const current = computed(() => views.value.find((view) => view.id === place.view.value))

  async function run(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send()
      await client.invalidateQueries({ queryKey: viewsQuery.queryKey })
      void client.invalidateQueries({ queryKey: viewCountsQuery.queryKey })
      return true
    } catch (error) {
      toast(t('conversations.failed', { reason: error instanceof Refused ? error.message : t('conversations.offline') }), { tone: 'danger' })
      return false
    }
  }
  const path = (view: View) => ({ params: { path: { view_id: view.id } } })

  return {
    views, current, run,
    own: computed(() => views.value.filter((view) => !view.is_shared)),
    shared: computed(() => views.value.filter((view) => view.is_shared)),
    open: (view: View) => place.go({ ...shown(view.filter), more: shown(view.filter).more ?? {}, view: view.id, id: null }),
    /** The whole list again. */
    leave: () => place.go({ tab: 'mine', status: 'open', more: {}, view: null, id: null }),
    change: (view: View, part: { name?: string; is_shared?: boolean; filter?: Filter }) =>
      run(async () => {
        await ask(api.PATCH('/api/views/{view_id}', { ...path(view), body: { ...part, ...(part.filter ? { filter: kept(part.filter) } : {}) } as never }))
      }),
    remove: (view: View) => run(() => ask(api.DELETE('/api/views/{view_id}', path(view)))),
    arrange: (ids: number[]) => run(() => ask(api.PUT('/api/views/order', { body: { ids } }))),
  }
}

/** How many conversations each shows, while somebody looks at them. */
export function useViewCounts() {
  const { data } = useQuery({ ...viewCountsQuery, shallow: true })
  return computed(() => new Map((data.value ?? []).map((one) => [one.view_id, `${one.count}${one.is_more ? '+' : ''}`])))
}
