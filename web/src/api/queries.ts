// What can be asked, and under which key the answer is kept. The query cache is the only server store: the stream keeps it true,
// so nothing goes stale by itself.
import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from './client'
import { shared } from './shared'
import type { Filter, Member, More, Readings, Row } from './types'

export const PAGE = 25
const HALF_HOUR = 30 * 60_000
const live = { staleTime: Infinity, gcTime: HALF_HOUR } as const

/** The parameters of the server's list have the names of the address's; several values are the same name several times. */
const asked = ({ status, more }: { status: string; more?: More | undefined }): { status: never } =>
  Object.fromEntries(Object.entries({ status, ...more }).map(([name, words]) => [name, words.split(',')])) as never

export const listQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['conversations', filter] as const,
    queryFn: async ({ pageParam, signal }) => {
      if (filter.more) await import('./matching')
      return ask(api.GET('/api/conversations', { params: { query: { tab: filter.tab, ...asked(filter), ...(pageParam ? { cursor: pageParam } : {}), limit: PAGE } }, signal }))
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    ...live,
  })

export const countsQuery = ({ status, more }: Omit<Filter, 'tab'>) =>
  queryOptions({
    queryKey: ['counts', status, more] as const,
    queryFn: ({ signal }) => ask(api.GET('/api/conversations/counts', { params: { query: asked({ status, more }) }, signal })),
    ...live,
  })

export const threadQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['thread', id] as const,
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/conversations/{conversation_id}', { params: { path: { conversation_id: id }, query: pageParam ? { before: pageParam } : {} }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.older,
    ...live,
  })

export const membersQuery = queryOptions({ queryKey: ['members'] as const, queryFn: () => ask(api.GET('/api/members')), ...live })
export const teamsQuery = queryOptions({ queryKey: ['teams'] as const, queryFn: () => ask(api.GET('/api/teams')), ...live })
export const channelsQuery = queryOptions({ queryKey: ['channels'] as const, queryFn: () => ask(api.GET('/api/channels')), ...live })

export const labelsQuery = queryOptions({ queryKey: ['labels'] as const, queryFn: () => ask(api.GET('/api/labels')), ...live })

/** Never fetched alone: filled from pages, threads and frames (see patch.ts). */
export const readingsKey = ['readings'] as const

export const useReadings = shared((client) => {
  const { data } = useQuery<Readings>({ queryKey: readingsKey, enabled: false, initialData: {}, staleTime: Infinity, gcTime: Infinity, shallow: true }, client)
  return computed<Readings>(() => data.value ?? {})
})

/** Something came from outside that was not read by oneself. */
export const isUnread = (row: Row, readings: Readings): boolean => row.last_incoming_id > (readings[row.id] ?? 0)

export const useLabels = shared((client) => {
  const { data } = useQuery({ ...labelsQuery, shallow: true }, client)
  const labels = computed(() => data.value ?? [])
  return { labels, names: computed(() => new Map(labels.value.map((label) => [label.id, label.name]))) }
})

export const draftMarksKey = ['drafts'] as const
const draftMarksQuery = queryOptions({ queryKey: draftMarksKey, queryFn: () => ask(api.GET('/api/drafts')), ...live })

/** Where I have drafts: for me alone. */
export const useDraftMarks = shared((client) => {
  const { data } = useQuery({ ...draftMarksQuery, shallow: true }, client)
  return { byConversation: computed(() => new Map((data.value ?? []).map((mark) => [mark.conversation_id, mark.modes]))) }
})

export const useMembers = shared((client) => {
  const { data } = useQuery({ ...membersQuery, shallow: true }, client)
  const byId = computed(() => new Map<number, Member>((data.value ?? []).map((member) => [member.id, member])))
  return { members: computed(() => data.value ?? []), byId }
})

/** `teams`: those that can be given something. */
export const useTeams = shared((client) => {
  const { data } = useQuery({ ...teamsQuery, shallow: true }, client)
  return {
    teams: computed(() => (data.value ?? []).filter((team) => !team.is_archived)),
    names: computed(() => new Map((data.value ?? []).map((team) => [team.id, team.name]))),
  }
})

export const useChannels = shared((client) => useQuery({ ...channelsQuery, shallow: true }, client).data)
