import { expect, test } from 'vitest'
import type { Message } from '@/api/types'
import { quoted } from '@/features/customers/history'
import { formats } from '@/i18n/format'

const said = (text: string, part: Partial<Message>): Message =>
  ({ kind: 'reply', text, at: '2026-11-24T09:00:00Z', sender: { address: '+33612345678', name: 'Léa' }, scheduled_for: null, delivery: 'sent', revoked_at: null, ...part }) as Message

test('only what both sides know of is quoted on another channel', () => {
  const text = quoted(
    [
      said('Bonjour', { kind: 'incoming', delivery: null }),
      said('Mauvais payeur', { kind: 'note', delivery: null }),
      said('Jamais arrivé', { delivery: 'failed' }),
      said('Pour demain', { delivery: 'queued', scheduled_for: '2026-11-25T09:00:00Z' }),
      said('Retiré', { kind: 'incoming', revoked_at: '2026-11-24T09:05:00Z' }),
      said('Elles partent ce soir', {}),
    ],
    formats('fr', 'Europe/Paris'),
    'Nous',
  )
  expect(text.split('\n').filter((line) => !line.includes('—'))).toEqual(['> Bonjour', '>', '> Elles partent ce soir'])
})
