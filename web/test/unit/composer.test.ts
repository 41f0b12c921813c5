import { beforeEach, describe, expect, test } from 'vitest'
import { draftsOf, hasDraft, readDraft, writeDraft } from '@/api/drafts'
import { readAddresses, withPeople } from '@/features/conversations/composer/addresses'
import { meaningOfEnter } from '@/features/conversations/composer/enter'

const enter = (part: Partial<Parameters<typeof meaningOfEnter>[0]> = {}) => ({ key: 'Enter', keyCode: 13, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...part })

describe('Enter', () => {
  test('alone, as the member likes it', () => {
    expect(meaningOfEnter(enter(), true)).toBe('send')
    expect(meaningOfEnter(enter(), false)).toBe('newline')
  })
  test('with Shift, always a line', () => {
    expect(meaningOfEnter(enter({ shiftKey: true }), true)).toBe('newline')
  })
  test('with Ctrl or ⌘, always sends; with Shift too, also resolves', () => {
    expect(meaningOfEnter(enter({ ctrlKey: true }), false)).toBe('send')
    expect(meaningOfEnter(enter({ metaKey: true }), false)).toBe('send')
    expect(meaningOfEnter(enter({ ctrlKey: true, shiftKey: true }), false)).toBe('sendAndResolve')
  })
  test('that accepts a word of an input method is not ours', () => {
    expect(meaningOfEnter(enter({ isComposing: true }), true)).toBeUndefined()
    expect(meaningOfEnter(enter({ keyCode: 229 }), true)).toBeUndefined()
    expect(meaningOfEnter(enter({ isComposing: true, ctrlKey: true }), true)).toBeUndefined()
  })
})

describe('recipients', () => {
  test('typed, pasted, named or in a column', () => {
    expect(readAddresses('Léa Morel <LEA@garage.fr>, sav@wiseparts.fr;\na@b.fr').people).toEqual([
      { address: 'lea@garage.fr', name: 'Léa Morel' }, { address: 'sav@wiseparts.fr', name: '' }, { address: 'a@b.fr', name: '' },
    ])
    expect(readAddresses('a@b.fr c@d.fr').people).toHaveLength(2)
  })
  test('what is no address stays to be corrected', () => {
    expect(readAddresses('a@b.fr, léa')).toEqual({ people: [{ address: 'a@b.fr', name: '' }], left: 'léa' })
  })
  test('nobody twice', () => {
    expect(withPeople([{ address: 'a@b.fr', name: 'A' }], [{ address: 'a@b.fr', name: '' }, { address: 'c@d.fr', name: '' }, { address: 'c@d.fr', name: '' }]).map((one) => one.address)).toEqual(['a@b.fr', 'c@d.fr'])
  })
})

describe('drafts', () => {
  beforeEach(() => { localStorage.clear() })
  test('are kept per conversation and mode, and leave nothing when empty', () => {
    writeDraft(1, 'note', { text: 'voir le stock', files: [] })
    expect(readDraft(1, 'note').text).toBe('voir le stock')
    expect(readDraft(1, 'reply').text).toBe('')
    expect(hasDraft(1)).toBe(true)
    writeDraft(1, 'note', { text: '', files: [] })
    expect(localStorage.length).toBe(0)
  })
  test('are their author’s: who signs in next in the same browser finds none', () => {
    draftsOf(7)
    writeDraft(1, 'note', { text: 'remise de 40 %', files: [] })
    draftsOf(8)
    expect(readDraft(1, 'note').text).toBe('')
    expect(hasDraft(1)).toBe(false)
    draftsOf(7)
    expect(readDraft(1, 'note').text).toBe('remise de 40 %')
  })
  test('a broken one is an empty one', () => {
    draftsOf(7)
    localStorage.setItem('draft:7:1:reply', '{')
    expect(readDraft(1, 'reply')).toEqual({ text: '', files: [] })
  })
})
