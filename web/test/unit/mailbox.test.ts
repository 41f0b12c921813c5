import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { changeOf, connectionOf, fieldOf, formOf, withTls, wrongsOf } from '@/features/channels/mailbox'
import en from '@/i18n/en/channels.json'
import fr from '@/i18n/fr/channels.json'

const SETTINGS = { imap_host: 'imap.a.fr', imap_port: 993, imap_tls: 'tls', smtp_host: 'smtp.a.fr', smtp_port: 465, smtp_tls: 'tls', user: 'sav@a.fr', smtp_user: '', sent_folder: '', asks_for_reports: false } as const

describe('the kind of encryption', () => {
  test('brings its usual port', () => {
    expect(withTls(SETTINGS, 'imap', 'starttls').imap_port).toBe(143)
    expect(withTls(SETTINGS, 'smtp', 'starttls')).toMatchObject({ smtp_tls: 'starttls', smtp_port: 587, imap_port: 993 })
    expect(withTls(withTls(SETTINGS, 'smtp', 'starttls'), 'smtp', 'tls').smtp_port).toBe(465)
  })
  test('leaves a port of one’s own alone', () => {
    expect(withTls({ ...SETTINGS, imap_port: 1143 }, 'imap', 'starttls').imap_port).toBe(1143)
  })
})

describe('what is missing', () => {
  test('is said field by field', () => {
    expect(Object.keys(wrongsOf(formOf(), { needsPassword: true })).sort()).toEqual(['address', 'imap_host', 'password', 'smtp_host', 'user'])
    expect(wrongsOf({ ...formOf('sav@a.fr', '', { ...SETTINGS, smtp_port: 70000 }) }, { needsPassword: false })).toEqual({ smtp_port: 'channels.wrong.port' })
  })
  test('a port that is typed is text until it is sent', () => {
    const form = formOf('sav@a.fr', '', SETTINGS)
    form.settings.imap_port = '1143' as unknown as number
    expect(wrongsOf(form, { needsPassword: false })).toEqual({})
    expect(connectionOf(form).settings.imap_port).toBe(1143)
  })
})

test('another sender is only sent when it is wanted', () => {
  const form = { ...formOf(' sav@a.fr ', ' SAV ', { ...SETTINGS, smtp_user: 'relay' }), password: 'x', smtp_password: 'y' }
  expect(connectionOf(form, [3])).toMatchObject({ address: 'sav@a.fr', name: 'SAV', smtp_password: 'y', settings: { smtp_user: 'relay' }, member_ids: [3] })
  expect(connectionOf({ ...form, hasOtherSender: false })).toMatchObject({ smtp_password: '', settings: { smtp_user: '' } })
})

describe('a change', () => {
  test('holds only what was changed', () => {
    const form = formOf('sav@a.fr', 'SAV', SETTINGS)
    expect(changeOf(form, SETTINGS)).toBeNull()
    expect(changeOf({ ...form, password: 'new' }, SETTINGS)).toEqual({ password: 'new' })
    expect(changeOf({ ...form, settings: { ...form.settings, imap_port: 143 } }, SETTINGS)).toEqual({ settings: { ...SETTINGS, imap_port: 143 } })
  })
  test('forgets the other password with the other sender', () => {
    const kept = { ...SETTINGS, smtp_user: 'relay' }
    expect(changeOf({ ...formOf('sav@a.fr', 'SAV', kept), hasOtherSender: false }, kept)).toEqual({ settings: SETTINGS, smtp_password: '' })
  })
})

test('a trouble points at the field that would cure it', () => {
  expect(fieldOf('imap', 'sign_in_failed')).toBe('password')
  expect(fieldOf('smtp', 'host_unknown')).toBe('smtp_host')
  expect(fieldOf('smtp', 'timeout')).toBe('smtp_port')
  expect(fieldOf('imap', 'storage_failed')).toBeUndefined()
})

test('every trouble that the server knows has its sentence, and the hints too', () => {
  const rooms = `${import.meta.dirname}/../../../comptoir/`
  const codes = [...readFileSync(`${rooms}channels/troubles.py`, 'utf8').matchAll(/^ {4}"(\w+)": \(\n/gm)].map((match) => match[1])
  expect(codes.length).toBeGreaterThan(10)
  for (const words of [fr, en]) expect(Object.keys(words.troubles)).toEqual(codes)
  const hints = [...readFileSync(`${rooms}providers/imap/guessing.py`, 'utf8').matchAll(/hint="(\w+)"/g)].map((match) => match[1]!)
  for (const hint of hints) expect(Object.keys(fr.hints)).toContain(hint)
})
