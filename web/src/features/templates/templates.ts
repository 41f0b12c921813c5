// The templates that a member may use, kept true by the stream, and found by what is typed.
import { queryOptions, useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { api, ask } from '@/api/client'
import type { Template } from '@/api/types'
import { fold } from '@/ui/fold'

export const templatesQuery = queryOptions({
  queryKey: ['templates'] as const,
  queryFn: () => ask(api.GET('/api/templates')),
  staleTime: Infinity,
  gcTime: 30 * 60_000,
})

/** What {{contact.first_name}} and its like say in one conversation. */
export const factsQuery = (conversation: number) =>
  queryOptions({
    queryKey: ['facts', conversation] as const,
    queryFn: () => ask(api.GET('/api/conversations/{conversation_id}/facts', { params: { path: { conversation_id: conversation } } })),
    staleTime: 60_000,
  })

export function useTemplates(): { templates: ComputedRef<Template[]>; isPending: ComputedRef<boolean> } {
  const { data, isPending } = useQuery({ ...templatesQuery, shallow: true })
  return { templates: computed(() => data.value ?? []), isPending: computed(() => isPending.value) }
}

/** What may be used in one conversation: canned replies where free text may be sent, the approved templates of its number. */
export const usable = (templates: readonly Template[], channel: number, isFree: boolean): Template[] =>
  templates.filter((one) => (one.kind === 'canned' ? isFree : one.channel_id === channel && one.status === 'approved'))

/** Every word typed is somewhere in it. A name or a shortcut that begins so comes first; otherwise the order stays. */
export function search(templates: readonly Template[], typed: string): Template[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  if (!words.length) return [...templates]
  const found = templates.filter((one) => {
    const text = fold(`${one.name} ${one.name.replaceAll('_', ' ')} /${one.shortcut ?? ''} ${one.category} ${one.language} ${one.body}`)
    return words.every((word) => text.includes(word))
  })
  const begins = (one: Template) => fold(one.name).startsWith(words[0]!) || fold(`/${one.shortcut ?? ''}`).startsWith(words[0]!) || fold(one.shortcut ?? '').startsWith(words[0]!)
  return [...found.filter(begins), ...found.filter((one) => !begins(one))]
}

const CATEGORIES = ['marketing', 'utility', 'authentication']
/** The key of its words; a category that nobody knows yet is "other". */
export const categoryKey = ({ category }: Template): string => `templates.category.${CATEGORIES.includes(category.toLowerCase()) ? category.toLowerCase() : 'other'}`
/** The key of the words for what kind of ready words it is: a canned reply, or the category of a template. */
export const kindKey = (one: Template): string => (one.kind === 'canned' ? 'templates.category.canned' : categoryKey(one))
