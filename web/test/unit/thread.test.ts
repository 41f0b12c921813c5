import { describe, expect, test } from 'vitest'
import { countThatFills, windowHeight } from '@/features/conversations/thread/filling'
import { linkify } from '@/features/conversations/thread/linkify'
import { splitQuote } from '@/features/conversations/thread/quotes'
import { timeline } from '@/features/conversations/thread/timeline'
import { formats } from '@/i18n/format'
import { message } from './cast'

describe('quoted text', () => {
  test('in French, in English, wrapped, or with angle brackets only', () => {
    expect(splitQuote('Merci !\n\nLe lun. 17 nov. 2026 à 09:12, Léa <lea@g.fr> a écrit :\n> Bonjour').fresh).toBe('Merci !')
    expect(splitQuote('Thanks\n\nOn Mon, Nov 17, 2026 at 9:12 AM Anne wrote:\n> Hi').fresh).toBe('Thanks')
    expect(splitQuote('Merci\nLe lundi 17 novembre 2026 à 09:12, Léa Morel\n<lea@g.fr> a écrit :\n> Bonjour').fresh).toBe('Merci')
    expect(splitQuote('Oui.\n> Livrez-vous ?').quoted).toBe('> Livrez-vous ?')
    expect(splitQuote('Ok\n\nDe : Anne\nEnvoyé : lundi\nÀ : Léa\n\nBonjour').fresh).toBe('Ok')
  })
  test('an answer between the lines stays whole, a mail that only quotes too', () => {
    const between = '> Livrez-vous ?\nOui.\n> Quand ?\nMardi.'
    expect(splitQuote(between)).toEqual({ fresh: between, quoted: '' })
    expect(splitQuote('> seul')).toEqual({ fresh: '> seul', quoted: '' })
  })
})

test('addresses become links, never HTML', () => {
  expect(linkify('Voir https://a.fr/x?y=1. Ou sav@a.fr, merci <b>')).toEqual([
    { text: 'Voir ' }, { text: 'https://a.fr/x?y=1', href: 'https://a.fr/x?y=1' }, { text: '. Ou ' }, { text: 'sav@a.fr', href: 'mailto:sav@a.fr' }, { text: ', merci <b>' },
  ])
  expect(linkify('(www.a.fr)')[1]).toEqual({ text: 'www.a.fr', href: 'https://www.a.fr' })
  const phones = (text: string) => linkify(text).flatMap(({ href }) => href ?? [])
  expect(phones('Au 06 12 34 56 78, 06.12.34.56.79 ou +33 (0)6 12 34 56 80.')).toEqual(['tel:0612345678', 'tel:0612345679', 'tel:+33612345680'])
  expect(phones('+44 7700 900123 or 0044 7700 900124')).toEqual(['tel:+447700900123', 'tel:00447700900124'])
  expect(phones('Bosch 0 986 494 123, 0986494123, 09.9772.11, CMD-2026-0042, 12/06/2026, FR76 3000 6000 01')).toEqual([])
  expect(linkify('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)' }])
})

test('the timeline: days, activities by their time, what is pending last under the key it will keep', () => {
  const { isSameDay } = formats('fr', 'Europe/Paris')
  const activity = { id: 7, conversation_id: 1, type: 'conversation.resolved', at: '2026-11-18T09:01:30Z', actor_id: 1, data: {} }
  const items = timeline(
    [message(1), message(2, { at: '2026-11-19T09:00:00Z' })], [activity],
    [{ message: message(-1, { at: '2026-11-19T09:05:00Z', client_id: 'u1' }), isWaiting: true }], isSameDay,
  )
  expect(items.map((item) => item.kind)).toEqual(['day', 'message', 'activity', 'day', 'message', 'message'])
  expect(items.at(-1)?.key).toBe('u1')
})

test('many things done in a row are one line, but for what can be undone from its line', () => {
  const { isSameDay } = formats('fr', 'Europe/Paris')
  const done = (id: number, data = {}) => ({ id, conversation_id: 1, type: 'conversation.labelled', at: '2026-11-18T09:01:30Z', actor_id: 1, data })
  const kinds = (activities: ReturnType<typeof done>[]) => timeline([message(1)], activities, [], isSameDay).map((item) => item.kind)
  expect(kinds([done(1), done(2), done(3)])).toEqual(['day', 'message', 'activity', 'activity', 'activity'])
  expect(kinds([done(1), done(2), done(3), done(4)])).toEqual(['day', 'message', 'fold'])
  expect(kinds([done(1), done(2), done(3), done(4), done(5, { can_undo: true })])).toEqual(['day', 'message', 'fold', 'activity'])
})

describe('the first frame of a thread', () => {
  const { isSameDay } = formats('fr', 'Europe/Paris')
  const items = (texts: string[], part = {}) => timeline(texts.map((text, index) => message(index + 1, { text, ...part })), [], [], isSameDay)
  const many = (last: string) => [...Array<string>(29).fill('Bonjour'), last]

  test('holds what fills the window: fewer where the last mail is long, never fewer than three nor more than twelve', () => {
    windowHeight.value = 560
    const short = countThatFills(items(many('Merci')))
    const long = countThatFills(items(many('Une ligne\n'.repeat(14))))
    expect(short).toBeGreaterThan(long)
    expect(short * 70).toBeGreaterThanOrEqual(560) // as high as a closed mail is drawn, with its gap
    expect(countThatFills(items(many('Une ligne\n'.repeat(300))))).toBe(3)
    windowHeight.value = 4000
    expect(countThatFills(items(many('Merci')))).toBe(12)
  })
  test('holds all of a short one', () => {
    windowHeight.value = 560
    expect(countThatFills(items(['Bonjour', 'Merci']))).toBe(3) // and the line of the day
    expect(countThatFills([])).toBe(0)
  })
})
