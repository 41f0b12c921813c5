import { describe, expect, test } from 'vitest'
import { patchMarks } from '@/api/patch'
import { noteOf, picturesOf } from '@/features/conversations/composer/sending'
import { announcesFile, knownDomains, strangers } from '@/features/conversations/composer/warnings'
import { thread } from './cast'

describe('slips', () => {
  test.each(['Voici le devis ci-joint.', 'En pièce jointe, le plan', 'Vous trouverez en PJ', 'Je vous joins la facture', 'Please find attached', 'see the attachment'])('%s: a file is announced', (text) => {
    expect(announcesFile(text)).toBe(true)
  })
  test.each(['Le joint de culasse est en stock', 'A joint seal', 'Je peux vous joindre demain ?', 'La pièce est jolie'])('%s: none is', (text) => {
    expect(announcesFile(text)).toBe(false)
  })
  test('a domain that was never part of it is told, once', () => {
    const known = knownDomains(thread([]).messages, ['anne@pieces.fr', 'lea@garage.fr', ''])
    const people = ['paul@garage.fr', 'x@elsewhere.com', 'Y@ELSEWHERE.com'].map((address) => ({ address, name: '' }))
    expect(strangers(people, known)).toEqual(['elsewhere.com'])
  })
})

test('pictures within the words are files of the mail', () => {
  expect(picturesOf('<img src="/api/attachments/12/preview"><img src="https://x/1.png"><img src="/api/attachments/12/preview">')).toEqual([12])
  expect(noteOf({ text: ' vu ', files: [] }, 'c')).toEqual({ client_id: 'c', text: 'vu', attachment_ids: [] })
})

test('the last mark of a conversation counts, and none is none', () => {
  expect(patchMarks([{ conversation_id: 1, modes: ['reply'] }, { conversation_id: 2, modes: ['note'] }], [{ conversation_id: 1, modes: [] }])).toEqual([{ conversation_id: 2, modes: ['note'] }])
})
