// The cast of the unit tests: Marie (me, 1), Anne (2), and conversations with Léa and Thomas.
import type { Message, Page, Row, Thread } from '@/api/types'

export const MARIE = 1
export const ANNE = 2

export function row(id: number, part: Partial<Row> = {}): Row {
  return {
    id, version: 1, channel_id: 1, channel_kind: 'email', contact_id: id, contact_name: id === 1 ? 'Léa Morel' : 'Thomas Fournier', contact_address: `c${id}@garage.fr`,
    subject: 'Livraison', preview: 'Bonjour', preview_kind: 'incoming', status: 'open', snoozed_until: null, assignee_id: MARIE, labels: [],
    last_at: new Date(Date.UTC(2026, 10, 18, 9, 0, 60 - id)).toISOString(), created_at: '2026-11-18T08:00:00Z', waiting_since: null,
    last_incoming_id: 0, has_failed: false, has_files: false, ...part,
  }
}

export function message(id: number, part: Partial<Message> = {}): Message {
  return {
    id, conversation_id: 1, kind: 'incoming', at: new Date(Date.UTC(2026, 10, 18, 9, id)).toISOString(), member_id: null, sender: { address: 'lea@garage.fr', name: 'Léa Morel' },
    to: [], cc: [], bcc: [], subject: '', text: `message ${id}`, is_cut: false, body_url: null, remote_images: 0, attachments: [], delivery: null, error_code: null, error_detail: null,
    refusals: [], client_id: null, is_automatic: false, is_unreadable: false, source_url: null, ...part,
  }
}

export const page = (rows: Row[], part: Partial<Page> = {}): Page => ({ rows, readings: [], next: null, seq: 10, ...part })

export const thread = (messages: Message[], part: Partial<Thread> = {}): Thread => ({
  conversation: row(1), reading: { conversation_id: 1, upto: 0 }, messages, activities: [], older: null, seq: 10,
  reply: { sender: { address: 'sav@wiseparts.fr', name: '' }, to: [], cc: [], subject: 'Re: Livraison', in_reply_to_id: null, senders: [], signature: '', quotes_history: true, files_limit: 25_000_000 }, ...part,
})
