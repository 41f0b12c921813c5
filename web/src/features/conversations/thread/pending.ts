// What is in the outbox, drawn as the message it is going to be.
import type { Sending } from '@/api/outbox'
import { NEEDS_TEMPLATE } from '../chat/chat'
import type { Me, Message, NewReply, Person } from '@/api/types'

export function asMessage(item: Sending, me: Me, sender: Person, index: number): Message {
  const reply = item.kind === 'reply' ? (item.body as NewReply) : undefined
  const people = (list: { address: string; name?: string }[] | undefined) => (list ?? []).map(({ address, name }) => ({ address, name: name ?? '' }))
  return {
    id: -1 - index,
    conversation_id: item.conversation_id,
    kind: item.kind,
    at: item.at,
    member_id: me.id,
    sender,
    to: people(reply?.to),
    cc: people(reply?.cc),
    bcc: people(reply?.bcc),
    subject: '',
    text: item.body.text,
    is_cut: false,
    body_url: null,
    remote_images: 0,
    attachments: item.files.map((file) => ({ ...file, is_inline: false, url: `/api/attachments/${file.id}`, preview_url: null })),
    delivery: item.state === 'refused' ? 'failed' : item.kind === 'reply' ? 'queued' : null,
    error_code: NEEDS_TEMPLATE.has(item.code ?? '') ? item.code! : null,
    error_detail: item.reason ?? null,
    refusals: [],
    client_id: item.client_id,
    is_automatic: false,
    is_unreadable: false,
    source_url: null,
    ...item.shown,
  }
}
