// From what is written to what is posted. A picture within the words is one of the files too.
import type { Draft } from '@/api/drafts'
import type { NewReply, ReplyRecipients } from '@/api/types'
import { named, recipientsOf } from './recipients'

export const picturesOf = (html: string | undefined): number[] =>
  [...new Set([...(html ?? '').matchAll(/src="\/api\/attachments\/(\d+)\/preview"/g)].map((match) => Number(match[1])))]

export function noteOf(draft: Draft, client_id: string) {
  return { client_id, text: draft.text.trim(), attachment_ids: draft.files.map((file) => file.id) }
}

export function replyOf(draft: Draft, reply: ReplyRecipients, client_id: string, isForward = false): NewReply {
  const { to, cc, bcc } = recipientsOf(draft, reply, isForward)
  return {
    client_id,
    text: draft.text.trim(),
    html: draft.html ?? '',
    to: named(to), cc: named(cc), bcc: named(bcc),
    in_reply_to_id: isForward ? null : reply.in_reply_to_id,
    attachment_ids: [...draft.files.map((file) => file.id), ...picturesOf(draft.html)],
    sender: draft.sender ?? reply.sender.address,
    subject: draft.subject ?? null,
    forwarded: draft.forwarded ?? null,
  }
}
