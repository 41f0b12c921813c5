// Where the inbox is and what it shows, read from the address: a full page (/conversations/12?tab=all) or a panel that slid over
// another room (/clients?c=12&tab=all). Nothing of it lives anywhere else, so a link or a reload shows the same thing.
import { computed, ref } from 'vue'
import { useRoute, useRouter, type LocationQueryValue } from 'vue-router'
import type { Filter, StatusFilter, Tab } from '@/api/types'

export const TABS: readonly Tab[] = ['mine', 'unassigned', 'all']
export const STATUSES: readonly StatusFilter[] = ['open', 'pending', 'snoozed', 'resolved', 'spam', 'any']

interface Where { id?: number | null; tab?: Tab; status?: StatusFilter; message?: number | null }

/** The room that was under the panel, to go back to. */
const lastRoom = ref('/')

const among = <T extends string>(values: readonly T[], given: unknown, otherwise: T): T => values.find((value) => value === given) ?? otherwise
const numberIn = (value: LocationQueryValue | LocationQueryValue[] | string | undefined): number | null =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null

export function usePlace() {
  const route = useRoute()
  const router = useRouter()

  const isPage = computed(() => route.name === 'conversations')
  const isPanel = computed(() => !isPage.value && 'c' in route.query)
  const tab = computed(() => among(TABS, route.query['tab'], 'mine'))
  const status = computed(() => among(STATUSES, route.query['status'], 'open'))
  const filter = computed<Filter>(() => ({ tab: tab.value, status: status.value }))
  const id = computed(() => numberIn(isPage.value ? (route.params['id'] as string) : route.query['c']))

  /** The message to open the thread at; gone as soon as one goes anywhere else. */
  const message = computed(() => numberIn(route.query['m']))

  function address(where: Where, asPage = isPage.value) {
    const next = { id: id.value, tab: tab.value, status: status.value, ...where }
    const query = { ...(next.tab === 'mine' ? {} : { tab: next.tab }), ...(next.status === 'open' ? {} : { status: next.status }), ...(where.message ? { m: String(where.message) } : {}) }
    if (asPage) return { name: 'conversations', params: { id: next.id ?? '' }, query }
    return { path: isPage.value ? lastRoom.value : route.path, query: { c: next.id === null ? null : String(next.id), ...query } }
  }

  function go(where: Where, how: 'push' | 'replace' = 'push') {
    return router[how](address(where))
  }

  function toggle() {
    if (isPage.value) return router.push(lastRoom.value)
    if (!isPanel.value) return router.push(address({}, false))
    return router.push({ path: route.path })
  }

  return {
    isPage, isPanel, tab, status, filter, id, message, go, toggle,
    href: (where: Where) => router.resolve(address(where)).href,
    expand: () => router.push(address({}, true)),
    shrink: () => router.push(address({}, false)),
    remember: () => { if (!isPage.value && !route.meta.isPublic) lastRoom.value = route.path },
  }
}
