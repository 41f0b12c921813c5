// The filter as its dialog and its chips handle it: lists of values under names, and the words for each.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from '@/api/client'
import { channelsQuery, useLabels, useMembers } from '@/api/queries'
import type { More } from '@/api/types'
import { useFormats, useI18n } from '@/i18n'
import { usePlace } from '../place'

export type Name = keyof More
export interface Choice { value: string; label: string; detail?: string; hue?: string }

const DAYS: readonly Name[] = ['active_from', 'active_to', 'created_from', 'created_to']
const LABELS: readonly Name[] = ['label_any', 'label_all', 'label_none']
export const STATES = ['open', 'pending', 'snoozed', 'resolved', 'spam'] as const
const PRIORITIES = ['urgent', 'high', 'normal', 'low', 'none'] as const

export const teamsQuery = { queryKey: ['teams'] as const, queryFn: () => ask(api.GET('/api/teams')), staleTime: Infinity }

export function useAsking() {
  const { t } = useI18n()
  const formats = useFormats()
  const place = usePlace()
  const { members } = useMembers()
  const { labels } = useLabels()
  const { data: teams } = useQuery({ ...teamsQuery, shallow: true })
  const { data: channels } = useQuery({ ...channelsQuery, shallow: true })

  const chosen = (name: Name): string[] => place.filter.value.more?.[name]?.split(',') ?? []

  /** Another filter, at the same place of the history while one goes on changing it. */
  function change(part: Partial<Record<Name, readonly string[]>>, how: 'push' | 'replace' = 'push') {
    const more = Object.fromEntries(Object.entries({ ...place.filter.value.more, ...Object.fromEntries(Object.entries(part).map(([name, values]) => [name, values.join(',')])) }).filter(([, words]) => words))
    return place.go({ more }, how)
  }

  const named = <T extends { id: number; name: string; is_archived?: boolean }>(all: readonly T[] | undefined, used: readonly string[]) =>
    (all ?? []).filter((one) => !one.is_archived || used.includes(String(one.id)))

  const choices = computed<Partial<Record<Name, Choice[]>>>(() => {
    const labelled = named(labels.value, LABELS.flatMap(chosen)).map((label) => ({ value: String(label.id), label: label.name, hue: label.colour }))
    return {
      kind: [{ value: 'email', label: t('conversations.channel.email') }, { value: 'whatsapp', label: t('conversations.channel.whatsapp') }],
      channel: (channels.value ?? []).map((channel) => ({ value: String(channel.id), label: channel.name, detail: channel.address })),
      assignee: [
        { value: 'me', label: t('conversations.filters.me') },
        { value: 'nobody', label: t('conversations.filters.nobody') },
        ...members.value.filter((member) => member.is_active && !member.is_invited).map((member) => ({ value: String(member.id), label: member.name, detail: member.email })),
      ],
      team: named(teams.value, chosen('team')).map((team) => ({ value: String(team.id), label: team.name })),
      priority: PRIORITIES.map((value) => ({ value, label: t(`conversations.priority.${value}`) })),
      label_any: labelled, label_all: labelled, label_none: labelled,
    }
  })

  /** What one criterion says, in words: "Étiquettes : Garantie, Retour". */
  function wordsOf(name: Name): string {
    const values = chosen(name)
    if (name === 'unread' || name === 'failed') return t(`conversations.filters.${name}`)
    const said = values.map((value) => (DAYS.includes(name) ? day(value) : (choices.value[name]?.find((one) => one.value === value)?.label ?? t('conversations.filters.gone'))))
    if (name === 'priority') return said.join(', ') // each says "priority" already
    return t('conversations.filters.chip', { name: t(`conversations.filters.${name}`), values: said.join(', ') })
  }
  const day = (value: string) => formats.value.day(new Date(`${value}T12:00:00`))

  const statuses = computed(() => (place.status.value === 'any' ? [] : place.status.value.split(',')))
  const setStatuses = (values: readonly string[], how: 'push' | 'replace' = 'push') => place.go({ status: STATES.filter((one) => values.includes(one)).join(',') || 'any' }, how)
  const asked = computed(() => Object.keys(place.filter.value.more ?? {}) as Name[])
  const clear = () => place.go({ status: 'open', more: {}, view: null })

  return { chosen, change, choices, wordsOf, statuses, setStatuses, asked, clear, place }
}
