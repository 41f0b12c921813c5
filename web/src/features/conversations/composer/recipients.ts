// Who a reply goes to: whom the member chose, else whoever a reply-all goes to.
import type { Draft } from '@/api/drafts'
import type { Person, ReplyRecipients } from '@/api/types'

export type Field = 'to' | 'cc' | 'bcc'

export const recipientsOf = (draft: Draft, reply: ReplyRecipients): Record<Field, Person[]> => ({
  to: draft.to ?? reply.to,
  cc: draft.cc ?? reply.cc,
  bcc: draft.bcc ?? [],
})

export const named = (people: readonly { address: string; name?: string }[] | undefined): Person[] =>
  (people ?? []).map(({ address, name }) => ({ address, name: name ?? '' }))
