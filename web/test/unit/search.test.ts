import { expect, test } from 'vitest'
import { pieces } from '@/features/conversations/search/excerpt'

test('an excerpt is cut at its marks, and what looks like HTML stays text', () => {
  expect(pieces('Votre \u0001devis\u0002 <b>20431</b>')).toEqual([
    { text: 'Votre ', isMatch: false }, { text: 'devis', isMatch: true }, { text: ' <b>20431</b>', isMatch: false },
  ])
  expect(pieces('\u0001a\u0002\u0001b')).toEqual([{ text: 'a', isMatch: true }, { text: 'b', isMatch: true }])
  expect(pieces('')).toEqual([])
})
