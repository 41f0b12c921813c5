import { expect, test } from 'vitest'
import type { Mentionable } from '@/api/types'
import { matching, mentionPieces, mentionsIn, typedName } from '@/api/mentions'

const PEOPLE: Mentionable[] = [
  { kind: 'member', id: 1, name: 'Chloé', has_access: true },
  { kind: 'member', id: 2, name: 'Chloé Martin', has_access: true },
  { kind: 'team', id: 1, name: 'Comptoir', has_access: true },
  { kind: 'member', id: 3, name: 'Bruno Costa', has_access: false },
]

test('the longest name is meant, once each, and an address calls nobody', () => {
  expect(mentionsIn('@Chloé Martin et @Comptoir, @Comptoir ! anne@Chloé.fr @Chloéa', PEOPLE)).toEqual([{ kind: 'member', id: 2 }, { kind: 'team', id: 1 }])
  expect(mentionPieces('Vu @Chloé.', PEOPLE).map((piece) => piece.text)).toEqual(['Vu ', '@Chloé', '.'])
})

test('a name is looked for from the @ to the caret, without accents', () => {
  expect(typedName('Bonjour @chl')).toBe('chl')
  expect(typedName('Bonjour @')).toBe('')
  expect(typedName('anne@chl')).toBeUndefined()
  expect(matching(PEOPLE, 'mar').map((one) => one.id)).toEqual([2])
  expect(matching(PEOPLE, 'c').map((one) => one.name)).toEqual(['Chloé', 'Chloé Martin', 'Comptoir', 'Bruno Costa'])
})
