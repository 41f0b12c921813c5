import { expect, test } from 'vitest'
import { formats } from '@/i18n/format'

const fr = formats('fr', 'Europe/Paris')
const en = formats('en', 'Europe/Paris')
const now = new Date('2026-11-18T14:00:00+01:00') // a Wednesday
const at = (iso: string) => new Date(iso)

test('hours: 9h00 in a sentence, 09:41 beside a row', () => {
  expect(fr.hour(at('2026-11-19T09:00:00+01:00'))).toBe('9h00')
  expect(fr.clock(at('2026-11-18T09:41:00+01:00'))).toBe('09:41')
  expect(en.hour(at('2026-11-19T09:00:00+01:00'))).toMatch(/^9:00\sAM$/)
  expect(fr.hour(at('2026-11-18T00:05:00+01:00'))).toBe('0h05')
})

test('the shortest words that still say when', () => {
  const short = (iso: string) => fr.short(at(iso), now)
  expect(short('2026-11-18T09:41:00+01:00')).toBe('09:41')
  expect(short('2026-11-17T23:59:00+01:00')).toBe('hier')
  expect(short('2026-11-16T09:00:00+01:00')).toBe('lun.')
  expect(short('2026-11-11T09:00:00+01:00')).toBe('11 nov.')
  expect(short('2024-11-12T09:00:00+01:00')).toBe('12/11/2024')
  expect(en.short(at('2026-11-17T09:00:00+01:00'), now)).toBe('yesterday')
})

test('days follow the member’s time zone', () => {
  const tokyo = formats('fr', 'Asia/Tokyo')
  expect(tokyo.short(at('2026-11-18T16:30:00Z'), at('2026-11-18T14:00:00Z'))).not.toBe('hier')
  expect(fr.isSameDay(at('2026-11-18T23:30:00+01:00'), at('2026-11-19T00:30:00+01:00'))).toBe(false)
})

test('until when a conversation sleeps', () => {
  expect(fr.until(at('2026-11-19T09:00:00+01:00'), now)).toBe('dem. 9h00')
  expect(fr.until(at('2026-11-23T09:00:00+01:00'), now)).toBe('lun. 9h00')
  expect(fr.until(at('2026-12-12T09:00:00+01:00'), now)).toBe('12 déc. 9h00')
})

test('French numbers have thin spaces, sizes a no-break one', () => {
  expect(fr.count(999)).toBe('999')
  expect(fr.count(1000)).toBe('1\u202f000+')
  expect(en.count(1000)).toBe('1,000+')
  expect(fr.size(1_240_000)).toBe('1,2\u00a0Mo')
  expect(fr.size(512)).toBe('512\u00a0o')
  expect(en.size(82_000)).toBe('82\u00a0KB')
})

test('the line between days', () => {
  expect(fr.day(at('2026-11-17T09:00:00+01:00'), now)).toBe('mardi 17 novembre')
  expect(fr.day(at('2025-11-18T09:00:00+01:00'), now)).toBe('mardi 18 novembre 2025')
})
