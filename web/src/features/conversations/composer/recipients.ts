// Who a reply goes to: whom the member chose, else whoever a reply-all goes to. A forward goes to nobody by itself.
import type { Draft } from '@/api/drafts'
import type { Person, ReplyRecipients } from '@/api/types'

export type Field = 'to' | 'cc' | 'bcc'

export const recipientsOf = (draft: Draft, reply: ReplyRecipients, isForward = false): Record<Field, Person[]> => ({
  to: draft.to ?? (isForward ? [] : reply.to),
  cc: draft.cc ?? (isForward ? [] : reply.cc),
  bcc: draft.bcc ?? [],
})

export const named = (people: readonly { address: string; name?: string }[] | undefined): Person[] =>
  (people ?? []).map(({ address, name }) => ({ address, name: name ?? '' }))
