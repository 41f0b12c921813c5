// What is typed to connect a WhatsApp number, and what follows from it: pure, so that it can be tried without a page.
import type { NumberConnection, NumberSecrets, NumberSettings } from '@/api/types'

export type NumberProvider = NumberConnection['provider']
export type NumberField = 'address' | keyof NumberSettings | keyof NumberSecrets

export interface NumberForm {
  provider: NumberProvider
  address: string
  name: string
  settings: Required<NumberSettings>
  secrets: Required<NumberSecrets>
}

interface Shape { settings: (keyof NumberSettings)[]; secrets: (keyof NumberSecrets)[]; optional: NumberField[] }

/** The fields of each provider in the order in which its dashboard shows them. */
export const SHAPES: Record<NumberProvider, Shape> = {
  meta: { settings: ['phone_number_id', 'waba_id', 'graph_version'], secrets: ['access_token', 'app_secret'], optional: ['graph_version'] },
  twilio: {
    settings: ['account_sid', 'messaging_service_sid'],
    secrets: ['auth_token', 'api_key_sid', 'api_key_secret'],
    optional: ['messaging_service_sid', 'api_key_sid', 'api_key_secret'],
  },
}
export const SECRET: ReadonlySet<NumberField> = new Set(['access_token', 'app_secret', 'auth_token', 'api_key_secret', 'shared_key'])

export const noSecrets = (): Required<NumberSecrets> => ({ access_token: '', app_secret: '', auth_token: '', api_key_sid: '', api_key_secret: '', shared_key: '' })
const noSettings = (): Required<NumberSettings> => ({
  phone_number_id: '', waba_id: '', app_id: '', graph_version: '', account_sid: '', messaging_service_sid: '', marks_read: true,
})

export const formOf = (provider: NumberProvider, address = '', name = '', settings: NumberSettings | null = null): NumberForm => ({
  provider, address, name, settings: { ...noSettings(), ...settings }, secrets: noSecrets(),
})

const PATTERNS: Partial<Record<NumberField, RegExp>> = {
  phone_number_id: /^\d{5,20}$/, waba_id: /^\d{5,20}$/, graph_version: /^(v\d{1,3}\.\d)?$/, account_sid: /^AC[0-9a-f]{32}$/i, messaging_service_sid: /^(MG[0-9a-f]{32})?$/i, api_key_sid: /^(SK[0-9a-f]{32})?$/i,
}
export const isPhone = (text: string): boolean => /^\+?[\d\s().-]+$/.test(text.trim()) && text.replace(/\D/g, '').length >= 7 && text.replace(/\D/g, '').length <= 15

/** Keys of sentences, by field. While editing, an empty secret is the one that is kept. */
export function wrongsOf(form: NumberForm, { isEdit }: { isEdit: boolean }): Partial<Record<NumberField, string>> {
  const wrong: Partial<Record<NumberField, string>> = {}
  if (!isEdit && !isPhone(form.address)) wrong.address = 'numbers.wrong.address'
  const shape = SHAPES[form.provider]
  for (const field of shape.settings) check(field, String(form.settings[field]))
  for (const field of shape.secrets) if (!isEdit || form.secrets[field]) check(field, form.secrets[field])
  return wrong

  function check(field: NumberField, given: string) {
    const value = given.trim()
    if (!value && !shape.optional.includes(field)) wrong[field] = 'numbers.wrong.missing'
    else if (SECRET.has(field) && /[^\x21-\x7e]/.test(value)) wrong[field] = 'numbers.wrong.secret'
    else if (PATTERNS[field] && !PATTERNS[field].test(value)) wrong[field] = `numbers.wrong.${field}`
  }
}

const trimmed = <T extends Record<string, unknown>>(given: T): T => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value])) as T

export const connectionOf = (form: NumberForm, member_ids: number[] = []): NumberConnection => ({
  provider: form.provider, address: form.address.trim(), name: form.name.trim(), settings: trimmed(form.settings), secrets: trimmed(form.secrets), member_ids,
})
export const changeOf = (form: NumberForm) => ({ settings: trimmed(form.settings), secrets: trimmed(form.secrets) })
