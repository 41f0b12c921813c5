// Ready words: filled as the server fills them, found by what is typed, called by a slash.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Template } from '@/api/types'
import { fill, piecesOf, startingValues, unknownField, valuesOf, wrongOf } from '@/features/templates/filling'
import { shortcutAtEnd } from '@/features/templates/shortcuts'
import { search, usable } from '@/features/templates/templates'

interface Case { text: string; values: Record<string, string>; filled: string; missing: string[] }
const CASES = JSON.parse(readFileSync(`${import.meta.dirname}/../../../tests/templates/filling.json`, 'utf8')) as Case[]

const template = (given: Partial<Template>): Template => ({
  id: 1, kind: 'canned', name: 'Horaires', language: '', category: '', body: '', shortcut: null, member_id: null, channel_id: null, status: '', quality: '', reason: '',
  header_format: '', header: '', footer: '', buttons: [], variables: [], needs_file: false, files: [], uses: 0, changed_at: '2026-11-24T09:00:00Z', may_edit: true, ...given,
})

describe('filling', () => {
  it.each(CASES)('$text', ({ text, values, filled, missing }) => {
    expect(fill(text, values)).toEqual({ text: filled, missing })
  })
  it('shows in pieces what was filled in and what is missing', () => {
    expect(piecesOf('Bonjour {{1}}, {{2}}', { 1: 'Léa' })).toEqual([
      { text: 'Bonjour ', kind: 'words' }, { text: 'Léa', kind: 'value' }, { text: ', ', kind: 'words' }, { text: '2', kind: 'missing' },
    ])
  })
  it('starts from the fields of the conversation, and leaves open what they do not say', () => {
    const canned = template({ variables: [{ place: 'body', key: 'contact.first_name', label: '', default: 'cher client' }, { place: 'body', key: 'member.name', label: '' }] })
    expect(startingValues(canned, { 'member.name': 'Anne' })).toEqual({ 'body:contact.first_name': 'cher client', 'body:member.name': 'Anne' })
    const approved = template({ kind: 'whatsapp', variables: [{ place: 'header', key: '1', label: '1', default: '{{contact.first_name}}' }, { place: 'button', key: '0', label: 'Suivre' }] })
    expect(startingValues(approved, {})).toEqual({ 'header:1': '', 'button:0': '' })
    expect(valuesOf('button', { 'header:1': 'Léa', 'button:0': 'abc' })).toEqual({ 0: 'abc' })
  })
  it('knows what WhatsApp refuses', () => {
    const approved = template({ kind: 'whatsapp' })
    expect(['', ' ', 'a\nb', 'a    b', 'a   b'].map((value) => wrongOf(approved, value))).toEqual(['missing', 'missing', 'refused', 'refused', undefined])
    expect(wrongOf(template({}), 'a\nb')).toBeUndefined()
  })
  it('names a field that does not exist', () => {
    expect(unknownField('{{contact.name}} {{contact.prenom}}')).toBe('contact.prenom')
  })
})

describe('finding', () => {
  const all = [template({ id: 1, name: 'Suivi', body: 'colis' }), template({ id: 2, name: 'Colis perdu' }), template({ id: 3, name: 'RIB', shortcut: 'colis' })]
  it('puts what begins with the words first', () => {
    expect(search(all, 'COLIS').map((one) => one.id)).toEqual([2, 3, 1])
    expect(search(all, 'colis perdu').map((one) => one.id)).toEqual([2])
  })
  it('offers free words only while they may be sent, and only approved templates of this number', () => {
    const numbers = [template({ id: 4, kind: 'whatsapp', channel_id: 7, status: 'approved' }), template({ id: 5, kind: 'whatsapp', channel_id: 7, status: 'paused' }), template({ id: 6, kind: 'whatsapp', channel_id: 8, status: 'approved' })]
    expect(usable([...all, ...numbers], 7, true).map((one) => one.id)).toEqual([1, 2, 3, 4])
    expect(usable([...all, ...numbers], 7, false).map((one) => one.id)).toEqual([4])
  })
})

it('reads the shortcut that is being typed', () => {
  expect(['/', '/ho', 'Bonjour /ho', 'Bonjour /', 'https://x', 'a/b', 'le 12/05 /'].map(shortcutAtEnd)).toEqual(['', 'ho', 'ho', undefined, undefined, undefined, undefined])
})
