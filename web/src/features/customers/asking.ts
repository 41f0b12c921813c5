// What the customers' screens ask, and under which key it is kept. All keys begin with "customers": a frame about them asks again.
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import { sentenceOf } from '@/api/submit'
import type { components } from '@/api/schema'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { offerUndo } from '../conversations/actions/undoing'

type Schemas = components['schemas']
export type Customer = Schemas['CustomerView']
export type CustomerFacts = Schemas['CustomerFacts']
export type CustomerLine = Schemas['CustomerLine']
export type Contact = Schemas['ContactView']
export type Identity = Schemas['IdentityView']
export type Details = Schemas['Details']
export type Duplicate = Schemas['Duplicate']
export type MergePreview = Schemas['MergePreview']
export type Sort = 'name' | 'code' | 'activity'
export type Kind = 'customer' | 'contact'

const live = { staleTime: 60_000, gcTime: 5 * 60_000 } as const
const customer = (id: number) => ({ params: { path: { customer_id: id } } })
export const contact = (id: number) => ({ params: { path: { contact_id: id } } })

export interface Asked { q: string; sort: Sort; archived: boolean }

export const customersQuery = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['customers', 'list', asked] as const,
    queryFn: ({ pageParam, signal }) => ask(api.GET('/api/customers', { params: { query: { ...asked, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    ...live,
  })

export const customerQuery = (id: number) => queryOptions({ queryKey: ['customers', 'one', id] as const, queryFn: ({ signal }) => ask(api.GET('/api/customers/{customer_id}', { ...customer(id), signal })), ...live })

export const figuresQuery = (id: number) => queryOptions({ queryKey: ['customers', 'figures', id] as const, queryFn: ({ signal }) => ask(api.GET('/api/customers/{customer_id}/figures', { ...customer(id), signal })), staleTime: 0 })

export const duplicatesQuery = (id: number) => queryOptions({ queryKey: ['customers', 'duplicates', id] as const, queryFn: ({ signal }) => ask(api.GET('/api/customers/{customer_id}/duplicates', { ...customer(id), signal })), ...live })

export const timelineQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['customers', 'conversations', id] as const,
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/customers/{customer_id}/conversations', { params: { path: { customer_id: id }, query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  })

export const detailsQuery = (conversationId: number) =>
  queryOptions({
    queryKey: ['customers', 'details', conversationId] as const,
    queryFn: ({ signal }) => ask(api.GET('/api/conversations/{conversation_id}/details', { params: { path: { conversation_id: conversationId } }, signal })),
    ...live,
  })

/** Customers or contacts whom a few letters or digits mean. `document`: the number that found the file. */
export const foundQuery = (kind: Kind, q: string) =>
  queryOptions({
    queryKey: ['customers', 'found', kind, q] as const,
    queryFn: async ({ signal }) => {
      const asked = { params: { query: { q } }, signal }
      if (kind === 'customer') return (await ask(api.GET('/api/customers/search', asked))).map(({ customer: { id, name, code }, ...hit }) => ({ id, name, code, document: hit.document ?? '', detail: said(hit.contact_name, hit.contact_address) }))
      return (await ask(api.GET('/api/contacts/search', asked))).map((one) => ({ id: one.id, name: one.name || one.address, code: null, document: '', detail: said(one.customer?.name, one.address) }))
    },
    staleTime: 10_000,
  })
const said = (...words: (string | null | undefined)[]) => words.filter(Boolean).join(' · ')

export const previewQuery = (kind: Kind, gone: number, into: number) =>
  queryOptions({
    queryKey: ['customers', 'merge', kind, gone, into] as const,
    queryFn: () =>
      kind === 'customer'
        ? ask(api.GET('/api/customers/{customer_id}/merge', { params: { path: { customer_id: gone }, query: { into } } }))
        : ask(api.GET('/api/contacts/{contact_id}/merge', { params: { path: { contact_id: gone }, query: { into } } })),
    staleTime: 0,
  })

/** What is done to files and people; every act asks again what it changed, and says why it was refused. */
export function useFiles() {
  const { t } = useI18n()
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['customers'] })

  async function act(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send()
      return true
    } catch (error) {
      toast(sentenceOf(error, t('shell.unreachable.title')), { tone: 'danger' })
      return false
    } finally {
      void refresh()
    }
  }

  const path = (conversation_id: number) => ({ params: { path: { conversation_id } } })
  const put = (id: number, customer_id: number, with_contact: boolean) => act(() => ask(api.PUT('/api/conversations/{conversation_id}/customer', { ...path(id), body: { customer_id, with_contact } })))
  const drop = (id: number) => act(() => ask(api.DELETE('/api/conversations/{conversation_id}/customer', path(id))))

  async function link(id: number, file: { id: number; name: string }, withContact: boolean, before: number | null) {
    if (!(await put(id, file.id, withContact))) return
    const words = t(withContact ? 'customers.link.doneWithContact' : 'customers.link.done', { name: file.name })
    if (withContact) toast(words)
    else offerUndo(words, () => (before === null ? drop(id) : put(id, before, false)))
  }

  async function unlink(id: number, before: { id: number; name: string }) {
    if (await drop(id)) offerUndo(t('customers.link.undone', { name: before.name }), () => put(id, before.id, false))
  }

  const belong = (contactId: number, customer_id: number) => act(() => ask(api.PUT('/api/contacts/{contact_id}/customer', { ...contact(contactId), body: { customer_id } })))
  const leave = (contactId: number) => act(() => ask(api.DELETE('/api/contacts/{contact_id}/customer', contact(contactId))))
  const refuse = (contactId: number) => act(() => ask(api.DELETE('/api/contacts/{contact_id}/suggestions', contact(contactId))))
  const undoMerge = (merge_id: number) => act(() => ask(api.DELETE('/api/merges/{merge_id}', { params: { path: { merge_id } } })))

  async function setArchived(file: { id: number; name: string }, isArchived: boolean) {
    const done = await act(() => ask(isArchived ? api.PUT('/api/customers/{customer_id}/archive', customer(file.id)) : api.DELETE('/api/customers/{customer_id}/archive', customer(file.id))))
    if (done && isArchived) offerUndo(t('customers.archived', { name: file.name }), () => setArchived(file, false))
  }

  return { act, refresh, link, unlink, belong, leave, refuse, undoMerge, setArchived }
}
