// What is typed to connect a mailbox, and what follows from it: pure, so that it can be tried without a page.
import type { ImapSettings, MailboxConnection } from '@/api/types'

export type Tls = ImapSettings['imap_tls']
export type Side = 'imap' | 'smtp'

export interface MailboxForm {
  address: string
  name: string
  password: string
  /** Another user and password for sending; most servers want the same. */
  hasOtherSender: boolean
  smtp_password: string
  settings: Required<ImapSettings>
  /** How much of what was there before is brought in. */
  history: MailboxConnection['history'] & string
}

const PORTS: Record<Side, Record<Tls, number>> = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } }

export const emptySettings = (): Required<ImapSettings> => ({
  imap_host: '', imap_port: 993, imap_tls: 'tls', smtp_host: '', smtp_port: 465, smtp_tls: 'tls', user: '', smtp_user: '', sent_folder: '', asks_for_reports: false,
})

export function formOf(address = '', name = '', settings: ImapSettings | null = null): MailboxForm {
  const whole = { ...emptySettings(), ...settings }
  return { address, name, password: '', smtp_password: '', hasOtherSender: Boolean(whole.smtp_user), settings: whole, history: 'none' }
}

/** A port that is the usual one of the old mode becomes the usual one of the new; a port of one's own stays. */
export function withTls(settings: Required<ImapSettings>, side: Side, tls: Tls): Required<ImapSettings> {
  const before = PORTS[side][settings[`${side}_tls`]]
  const port = settings[`${side}_port`] === before ? PORTS[side][tls] : settings[`${side}_port`]
  return { ...settings, [`${side}_tls`]: tls, [`${side}_port`]: port }
}

export const isMailboxAddress = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text.trim())

export type MailboxField = 'address' | 'password' | 'user' | 'imap_host' | 'imap_port' | 'smtp_host' | 'smtp_port'

/** Keys of sentences, by field. Without a new password the one that is kept serves on. */
export function wrongsOf(form: MailboxForm, { needsPassword }: { needsPassword: boolean }): Partial<Record<MailboxField, string>> {
  const { settings } = form
  const wrong: Partial<Record<MailboxField, string>> = {}
  if (!isMailboxAddress(form.address)) wrong.address = 'channels.wrong.address'
  if (needsPassword && !form.password) wrong.password = 'channels.wrong.password'
  if (!settings.user.trim()) wrong.user = 'channels.wrong.user'
  for (const side of ['imap', 'smtp'] as const) {
    if (!settings[`${side}_host`].trim()) wrong[`${side}_host`] = 'channels.wrong.host'
    if (!isPort(settings[`${side}_port`])) wrong[`${side}_port`] = 'channels.wrong.port'
  }
  return wrong
}

const isPort = (port: number) => Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65535

export function settingsOf({ settings, hasOtherSender }: MailboxForm): Required<ImapSettings> {
  return {
    ...settings,
    imap_host: settings.imap_host.trim(),
    imap_port: Number(settings.imap_port),
    smtp_host: settings.smtp_host.trim(),
    smtp_port: Number(settings.smtp_port),
    user: settings.user.trim(),
    smtp_user: hasOtherSender ? settings.smtp_user.trim() : '',
    sent_folder: settings.sent_folder.trim(),
  }
}

export function connectionOf(form: MailboxForm, member_ids: number[] = []): MailboxConnection {
  return {
    address: form.address.trim(),
    name: form.name.trim(),
    password: form.password,
    smtp_password: form.hasOtherSender ? form.smtp_password : '',
    settings: settingsOf(form),
    member_ids,
    history: form.history,
  }
}

/** Where the sentence of a trouble belongs: the field that would cure it. */
export function fieldOf(side: string | null | undefined, code: string | null | undefined): MailboxField | undefined {
  if (side !== 'imap' && side !== 'smtp') return undefined
  if (code === 'sign_in_failed' || code === 'wrong_key') return 'password'
  if (code === 'host_unknown' || code === 'certificate_invalid') return `${side}_host`
  if (code === 'refused' || code === 'timeout' || code === 'tls_failed' || code === 'tls_required' || code === 'protocol_error') return `${side}_port`
  return undefined
}

/** What PATCH takes: only what was changed; null when nothing was. */
export function changeOf(form: MailboxForm, kept: ImapSettings | null): { settings?: Required<ImapSettings>; password?: string; smtp_password?: string } | null {
  const settings = settingsOf(form)
  const before = { ...emptySettings(), ...kept }
  const isSame = (Object.keys(before) as (keyof ImapSettings)[]).every((key) => settings[key] === before[key])
  const stoppedOther = Boolean(before.smtp_user) && !form.hasOtherSender
  const change = {
    ...(isSame ? {} : { settings }),
    ...(form.password ? { password: form.password } : {}),
    ...(form.hasOtherSender && form.smtp_password ? { smtp_password: form.smtp_password } : stoppedOther ? { smtp_password: '' } : {}),
  }
  return Object.keys(change).length ? change : null
}
