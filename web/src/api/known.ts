// What both sides know of: it may be quoted or shown to somebody else. The server holds its own mails to the same.
import type { Message } from './types'

/** Not a note, nor what waits for its moment, failed, or was taken back by who wrote it. */
export const isKnownOutside = ({ kind, scheduled_for, delivery, revoked_at }: Pick<Message, 'kind' | 'scheduled_for' | 'delivery' | 'revoked_at'>): boolean =>
  (kind === 'incoming' || (kind === 'reply' && !scheduled_for && delivery !== 'failed')) && !revoked_at
