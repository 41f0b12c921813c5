// What a chat decides before anything is drawn: the window, the limits, what goes with which message.
import { describe, expect, it } from 'vitest'
import type { Abilities } from '@/api/types'
import { clockOf } from '@/features/conversations/chat/chat'
import { limitFor, problemOf, split } from '@/features/conversations/chat/limits'
import { extensionOf, kindOf, troubleOf } from '@/features/conversations/chat/recording'
import { leftOf, stateOf } from '@/features/conversations/chat/window'
import { phoneOf } from '@/features/conversations/thread/people'

const MB = 2 ** 20
const META: Abilities = {
  can_react: true, can_quote: true, can_mark_read: true, can_show_typing: true, can_write_to_groups: true, most_text: 4096, most_caption: 20,
  files: [
    { kind: 'image', media_types: ['image/jpeg', 'image/png'], most_bytes: 5 * MB, has_caption: true },
    { kind: 'audio', media_types: ['audio/ogg'], most_bytes: 16 * MB, has_caption: false },
    { kind: 'document', media_types: [], most_bytes: 100 * MB, has_caption: true },
  ],
}
const NOW = Date.parse('2026-11-24T09:00:00Z')
const at = (minutes: number) => ({ channel_kind: 'whatsapp', window_until: new Date(NOW + minutes * 60_000).toISOString() })

describe('the window', () => {
  it('is open, soon to close, closed, or was never opened', () => {
    expect(stateOf(at(600), NOW)).toBe('open')
    expect(stateOf(at(60), NOW)).toBe('soon')
    expect(stateOf(at(0), NOW)).toBe('closed')
    expect(stateOf({ channel_kind: 'whatsapp', window_until: null }, NOW)).toBe('never')
    expect(stateOf({ channel_kind: 'email', window_until: null }, NOW)).toBe('none')
  })
  it('counts down in whole minutes, and never says that nothing is left while it is open', () => {
    expect(leftOf(at(75).window_until, NOW)).toEqual({ hours: 1, minutes: 15 })
    expect(leftOf(at(0.2).window_until, NOW)).toEqual({ hours: 0, minutes: 1 })
  })
})

describe('files', () => {
  it('are refused before they go up', () => {
    expect(problemOf(META, { type: 'image/png', size: 4 * MB })).toBeUndefined()
    expect(problemOf(META, { type: 'image/png', size: 6 * MB })).toEqual({ kind: 'tooLarge', most: 5 * MB })
    expect(problemOf(META, { type: 'image/tiff', size: 1 })).toEqual({ kind: 'refused' })
    expect(limitFor(META, 'application/pdf; charset=x')?.kind).toBe('document')
  })
  it('leave one by one, the words with the first that carries them', () => {
    const [png, ogg] = [{ media_type: 'image/png' }, { media_type: 'audio/ogg' }]
    expect(split(META, 'Voilà', [png, ogg])).toEqual([{ text: 'Voilà', files: [png] }, { text: '', files: [ogg] }])
    expect(split(META, 'Voilà', [ogg, png])).toEqual([{ text: 'Voilà', files: [] }, { text: '', files: [ogg] }, { text: '', files: [png] }])
    expect(split(META, 'Trop de mots pour une légende', [png])).toEqual([{ text: 'Trop de mots pour une légende', files: [] }, { text: '', files: [png] }])
    expect(split(META, 'Sans fichier', [])).toEqual([{ text: 'Sans fichier', files: [] }])
  })
})

describe('a voice', () => {
  it('is recorded as what the browser can, and every trouble has its sentence', () => {
    expect(kindOf((kind) => kind.startsWith('audio/webm'))).toBe('audio/webm;codecs=opus')
    expect(kindOf(() => false)).toBeUndefined()
    expect(extensionOf('audio/mp4')).toBe('m4a')
    expect(troubleOf(Object.assign(new Error(), { name: 'NotAllowedError' }))).toBe('denied')
    expect(troubleOf(Object.assign(new Error(), { name: 'NotFoundError' }))).toBe('noMicrophone')
    expect(troubleOf('?')).toBe('failed')
  })
  it('says its length', () => {
    expect([clockOf(0), clockOf(75.4), clockOf(Infinity)]).toEqual(['0:00', '1:15', '0:00'])
  })
})

it('writes a number as people read it', () => {
  expect([phoneOf('33698765432'), phoneOf('14155550123'), phoneOf('lea@garage.fr')]).toEqual(['+33 6 98 76 54 32', '+14155550123', 'lea@garage.fr'])
})
