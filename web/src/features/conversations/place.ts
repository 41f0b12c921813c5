// Where the inbox is and what it shows, read from the address: a full page (/conversations/12?tab=all) or a panel that slid over
// another room (/clients?c=12&tab=all). Nothing of it lives anywhere else, so a link or a reload shows the same thing.
// A view is one parameter (?view=3): its filter is the server's, until the address says another one beside it.
import { computed, ref, shallowRef } from 'vue'
import { useRoute, useRouter, type LocationQuery, type LocationQueryValue } from 'vue-router'
import type { Filter, More, Tab } from '@/api/types'

export const TABS: readonly Tab[] = ['mine', 'unassigned', 'all']
export const STATUSES: readonly string[] = ['open', 'pending', 'snoozed', 'resolved', 'spam', 'any']
export const MORE = ['kind', 'channel', 'assignee', 'team', 'label_any', 'label_all', 'label_none', 'priority', 'unread', 'failed', 'active_from', 'active_to', 'created_from', 'created_to'] as const

const SOME = 900_000_000_000_009 // no conversation has it

interface Where extends Partial<Filter> { id?: number | null; message?: number | null; view?: number | null }
type Words = Record<string, string>

/** The room that was under the panel, to go back to. */
const lastRoom = ref('/')
/** The filters of the views, as the address would say them; null until they are known. */
export const viewFilters = shallowRef<ReadonlyMap<number, Filter> | null>(null)

const among = <T extends string>(values: readonly T[], given: unknown, otherwise: T): T => values.find((value) => value === given) ?? otherwise
const numberIn = (value: LocationQueryValue | LocationQueryValue[] | string | undefined): number | null =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null

/** The filter that an address says. */
export function filterIn(query: LocationQuery): Filter {
  const more: Partial<Words> = {}
  for (const name of MORE) if (typeof query[name] === 'string' && query[name]) more[name] = query[name]
  const status = String(query['status'] ?? '').split(',').filter((one) => STATUSES.includes(one)).join(',') || 'open'
  return { tab: among(TABS, query['tab'], 'mine'), status, ...(Object.keys(more).length ? { more: more as More } : {}) }
}

/** And back: what is usual is left out. */
export function wordsOf({ tab, status, more }: Filter): Words {
  return { ...(tab === 'mine' ? {} : { tab }), ...(status === 'open' ? {} : { status }), ...(more as Words | undefined) }
}

export const isSame = (a: Filter, b: Filter): boolean => JSON.stringify(wordsOf(a)) === JSON.stringify(wordsOf(b))

export function usePlace() {
  const route = useRoute()
  const router = useRouter()

  const isPage = computed(() => route.name === 'conversations')
  const isPanel = computed(() => !isPage.value && 'c' in route.query)
  const view = computed(() => numberIn(route.query['view']))
  const said = computed(() => filterIn(route.query))
  /** The view says what is shown, and is not known yet. */
  const isPending = computed(() => view.value !== null && !viewFilters.value && !Object.keys(wordsOf(said.value)).length)
  const filter = computed<Filter>((before) => {
    const kept = view.value === null || Object.keys(wordsOf(said.value)).length ? undefined : viewFilters.value?.get(view.value)
    const now = kept ?? said.value
    return before && isSame(before, now) ? before : now
  })
  const id = computed(() => numberIn(isPage.value ? (route.params['id'] as string) : route.query['c']))

  /** The message to open the thread at; gone as soon as one goes anywhere else. */
  const message = computed(() => numberIn(route.query['m']))

  function address(where: Where, asPage = isPage.value) {
    const next = { id: id.value, view: view.value, ...filter.value, ...where }
    const words = isPending.value ? {} : wordsOf({ ...next, ...(where.more && !Object.keys(where.more).length ? { more: undefined } : {}) })
    const kept = next.view === null ? undefined : viewFilters.value?.get(next.view)
    const isKept = isPending.value || (kept && isSame(kept, filterIn(words)))
    const isView = next.view !== null && (isKept || Object.keys(words).length > 0)
    const query = { ...(isView ? { view: String(next.view) } : {}), ...(isView && isKept ? {} : words), ...(where.message ? { m: String(where.message) } : {}) }
    if (asPage) return { name: 'conversations', params: { id: next.id ?? '' }, query }
    return { path: isPage.value ? lastRoom.value : route.path, query: { c: next.id === null ? null : String(next.id), ...query } }
  }

  /** For every row of a list: the address is resolved once, and only the number changes. */
  const model = computed(() => router.resolve(address({ id: SOME })).href)
  const hrefOf = (id: number) => model.value.replace(String(SOME), String(id))

  function go(where: Where, how: 'push' | 'replace' = 'push') {
    return router[how](address(where))
  }

  function toggle() {
    if (isPage.value) return router.push(lastRoom.value)
    if (!isPanel.value) return router.push(address({}, false))
    return router.push({ path: route.path })
  }

  return {
    isPage, isPanel, isPending, view, filter, id, message, go, toggle,
    tab: computed(() => filter.value.tab),
    status: computed(() => filter.value.status),
    hrefOf,
    href: (where: Where) => router.resolve(address(where)).href,
    expand: () => router.push(address({}, true)),
    shrink: () => router.push(address({}, false)),
    remember: () => { if (!isPage.value && !route.meta.isPublic) lastRoom.value = route.path },
  }
}
