import { effectScope, nextTick } from 'vue'
import { afterEach, expect, test, vi } from 'vitest'
import { listen, useCommands } from '@/keys/commands'
import { gestureOf, KEYS, printed, type Key } from '@/keys/map'

const all = Object.entries(KEYS) as [string, Key][]
const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
  target.dispatchEvent(event)
  return event
}
const stops: (() => void)[] = []
afterEach(() => { stops.splice(0).forEach((stop) => stop()); document.body.innerHTML = '' })

function start(run: () => void, id: keyof typeof KEYS, letters = true) {
  const scope = effectScope()
  scope.run(() => useCommands([{ id, run }]))
  stops.push(listen({ letters: () => letters, isWithin: () => true }), () => scope.stop())
}

test('no gesture is taken twice, and none begins another', () => {
  const gestures = all.flatMap(([, key]) => key.keys)
  expect(new Set(gestures).size).toBe(gestures.length)
  const prefixes = gestures.filter((one) => one.includes(' ')).map((one) => one.split(' ')[0])
  expect(gestures.filter((one) => prefixes.includes(one))).toEqual([])
})

test('no Alt, no AltGr, no digit, no bracket', () => {
  for (const [, key] of all) for (const gesture of key.keys) expect(gesture).not.toMatch(/Alt|\d(?!$)|^[\d[\]#]|(^| )[\d[\]#]$/)
})

test('AltGr types its character: no command sees it', () => {
  expect(gestureOf(new KeyboardEvent('keydown', { key: '€', ctrlKey: true, altKey: true }))).toBe('')
  expect(gestureOf(new KeyboardEvent('keydown', { key: 'e', altKey: true }))).toBe('')
})

test('what is printed on the key counts', () => {
  expect(gestureOf(new KeyboardEvent('keydown', { key: '?', shiftKey: true }))).toBe('?')
  expect(gestureOf(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))).toBe('Mod+K')
  expect(gestureOf(new KeyboardEvent('keydown', { key: 'L', ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+L')
  expect(gestureOf(new KeyboardEvent('keydown', { key: 'A', shiftKey: true }))).toBe('Shift+A')
})

test('a letter runs its command, but not while typing', () => {
  const run = vi.fn()
  start(run, 'conversation.resolve')
  expect(press('e').defaultPrevented).toBe(true)
  document.body.innerHTML = '<textarea></textarea>'
  press('e', {}, document.querySelector('textarea')!)
  expect(run).toHaveBeenCalledTimes(1)
})

const offerLate = async (run: () => void) => {
  const scope = effectScope()
  scope.run(() => useCommands([{ id: 'conversation.merge', run }]))
  stops.push(() => scope.stop())
  await nextTick()
}

test('a key pressed before the part that answers it has loaded is answered once it has', async () => {
  const run = vi.fn()
  start(vi.fn(), 'conversation.resolve')
  press('m')
  await offerLate(run)
  await offerLate(run)
  expect(run).toHaveBeenCalledTimes(1)
})

test('an early key is forgotten when the person goes on: another key, a click, too long a wait', async () => {
  const run = vi.fn()
  start(vi.fn(), 'conversation.resolve')
  press('m')
  press('e')
  await offerLate(run)
  stops.pop()!()
  press('m')
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
  await offerLate(run)
  stops.pop()!()
  const now = performance.now()
  press('m')
  vi.spyOn(performance, 'now').mockReturnValue(now + 60_000)
  await offerLate(run)
  vi.restoreAllMocks()
  expect(run).not.toHaveBeenCalled()
})

test('letters can be turned off; other keys stay', () => {
  const letter = vi.fn()
  const chord = vi.fn()
  start(letter, 'conversation.resolve', false)
  start(chord, 'palette.open', false)
  press('e')
  press('k', { ctrlKey: true })
  expect(letter).not.toHaveBeenCalled()
  expect(chord).toHaveBeenCalled()
})

test('a sequence: g then m', () => {
  const run = vi.fn()
  start(run, 'go.mine')
  press('m')
  expect(run).not.toHaveBeenCalled()
  press('g')
  press('m')
  expect(run).toHaveBeenCalledTimes(1)
})

test('keys are printed in the language of the page', () => {
  const words = { ctrl: 'Ctrl', shift: 'Maj', enter: 'Entrée', escape: 'Échap', home: 'Début', end: 'Fin', then: 'puis' }
  expect(printed('Mod+Enter', words)).toBe('Ctrl+Entrée')
  expect(printed('g m', words)).toBe('g puis m')
})
