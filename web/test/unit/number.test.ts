import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectionOf, formOf, isPhone, wrongsOf } from '@/features/channels/number'
import en from '@/i18n/en/numbers.json'
import fr from '@/i18n/fr/numbers.json'

const comptoir = `${import.meta.dirname}/../../../comptoir/`
const read = (path: string) => readFileSync(comptoir + path, 'utf8')

test('every reason for which a message may not leave a number has its sentence', () => {
  const codes = ['meta', 'twilio'].flatMap((provider) => [...read(`providers/${provider}/errors.py`).matchAll(/^ {4}"(\w+)": \(/gm)].map((match) => match[1]!))
  const gate = [...read('channels/policy.py').matchAll(/return "(\w+)"/g)].map((match) => match[1]!)
  expect(codes.length).toBeGreaterThan(30)
  for (const words of [fr, en]) for (const code of [...codes, ...gate, 'unknown_outcome', 'provider_refused']) expect(Object.keys(words.reasons)).toContain(code)
})

test('every line of the check list has its sentence', () => {
  const found = ['meta', 'twilio'].flatMap((provider) => [...read(`providers/${provider}/checking.py`).matchAll(/"(?:ok|warning|failed)", "(\w+)"/g)].map((match) => match[1]!))
  expect(found.length).toBeGreaterThan(8)
  for (const words of [fr, en]) for (const code of found) expect(Object.keys(words.findings)).toContain(code)
})

test('a phone number is written in many ways', () => {
  for (const phone of ['+33 1 99 00 12 34', '33199001234', '+55 (41) 8888-7777']) expect(isPhone(phone)).toBe(true)
  for (const phone of ['', '12', 'lea', '+1234567890123456']) expect(isPhone(phone)).toBe(false)
})

test('each provider asks for its own; a kept secret need not be typed again', () => {
  const form = formOf('meta', '+33 1 99 00 12 34')
  expect(Object.keys(wrongsOf(form, { isEdit: false })).sort()).toEqual(['access_token', 'app_secret', 'phone_number_id', 'waba_id'])
  const known = formOf('twilio', '+33199005678', '', { account_sid: `AC${'0'.repeat(32)}` })
  expect(wrongsOf(known, { isEdit: true })).toEqual({})
  expect(wrongsOf({ ...known, settings: { ...known.settings, account_sid: 'AC1' } }, { isEdit: true })).toEqual({ account_sid: 'numbers.wrong.account_sid' })
})

test('what is pasted loses the spaces around it', () => {
  const form = formOf('meta', ' +33199001234 ')
  form.secrets.access_token = ' EAA '
  expect(connectionOf(form)).toMatchObject({ provider: 'meta', address: '+33199001234', secrets: { access_token: 'EAA' } })
})
