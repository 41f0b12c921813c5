// Puts values where a text has marks, exactly as the server does (comptoir/templates/filling.py); both are held to the same cases.
import type { NewReply, Template, Upload } from '@/api/types'

const MARK = /\{\{\s*([A-Za-z0-9_][A-Za-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}/g
const REFUSED_BY_WHATSAPP = /[\n\r\t\v\f\u2028\u2029]| {4}/

export interface Filled { text: string; missing: string[] }
export type Values = Readonly<Record<string, string>>

/** A blank value counts as none; a mark without a value or a default stays as it is. */
export function fill(text: string, values: Values): Filled {
  const missing = new Set<string>()
  const filled = text.replace(MARK, (mark: string, name: string, fallback: string | undefined) => {
    const given = values[name] ?? ''
    if (given.trim()) return given
    if (fallback) return fallback
    missing.add(name)
    return mark
  })
  return { text: filled, missing: [...missing] }
}

export type Piece = { text: string; kind: 'words' | 'value' | 'missing' }

/** The same, in pieces, for a preview that shows what was filled in and what is not. */
export function piecesOf(text: string, values: Values): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const mark of text.matchAll(MARK)) {
    if (mark.index > end) pieces.push({ text: text.slice(end, mark.index), kind: 'words' })
    const value = values[mark[1] ?? '']?.trim() ? values[mark[1] ?? '']! : mark[2]
    pieces.push(value ? { text: value, kind: 'value' } : { text: mark[1] ?? '', kind: 'missing' })
    end = mark.index + mark[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), kind: 'words' })
  return pieces
}

type Variable = Template['variables'][number]
export const slotOf = (variable: Variable): string => `${variable.place}:${variable.key}`

/** What each variable starts as in this conversation: its default, or for a canned reply its field; "" where that says nothing. */
export function startingValues(template: Template, facts: Values): Record<string, string> {
  return Object.fromEntries(template.variables.map((variable) => [slotOf(variable), startOf(template, variable, facts)]))
}

function startOf(template: Template, variable: Variable, facts: Values): string {
  if (template.kind === 'canned') return facts[variable.key]?.trim() ? facts[variable.key]! : (variable.default ?? '')
  const { text, missing } = fill(variable.default ?? '', facts)
  return missing.length ? '' : text
}

export type Wrong = 'missing' | 'refused'

export function wrongOf(template: Template, value: string): Wrong | undefined {
  if (!value.trim()) return 'missing'
  return template.kind === 'whatsapp' && REFUSED_BY_WHATSAPP.test(value) ? 'refused' : undefined
}

/** The values of one place, by variable name (buttons: by their index). */
export const valuesOf = (place: Variable['place'], values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([slot]) => slot.startsWith(`${place}:`)).map(([slot, value]) => [slot.slice(place.length + 1), value]))

/** A template of WhatsApp with its values, as a message takes it. */
export const choiceOf = (template: Template, values: Values, file: Upload | null): NonNullable<NewReply['template']> => ({
  template_id: template.id,
  values: valuesOf('body', values),
  header_values: valuesOf('header', values),
  button_values: valuesOf('button', values),
  header_attachment_id: file?.id ?? null,
})

/** The values of such a choice again, by slot. */
export const valuesIn = (choice: NonNullable<NewReply['template']>): Values => ({ ...slots('body', choice.values), ...slots('header', choice.header_values), ...slots('button', choice.button_values) })
const slots = (place: Variable['place'], values: Values = {}): Values => Object.fromEntries(Object.entries(values).map(([key, value]) => [`${place}:${key}`, value]))

/** What a canned reply may name (comptoir/templates/filling.py). */
export const FIELDS = [
  'contact.first_name', 'contact.last_name', 'contact.name', 'contact.email', 'contact.phone', 'member.first_name', 'member.name', 'member.email',
  'conversation.subject', 'conversation.number', 'channel.name', 'channel.address', 'organisation.name',
] as const

export const fieldWord = (field: string): string => field.replace('.', '_')
export const unknownField = (text: string): string | undefined => [...text.matchAll(MARK)].map((mark) => mark[1] ?? '').find((name) => !(FIELDS as readonly string[]).includes(name))
