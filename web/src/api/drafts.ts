// What is being written, per conversation and mode, in local storage: text is never lost, whatever happens to the page. The server
// keeps it too (see composer/drafting.ts), for the member's other machines.
import type { Forwarded, NewReply, Person, Upload } from './types'

export type Mode = 'reply' | 'note' | 'forward'

export interface Draft {
  text: string
  /** Its form, where it has one; else the text says it all. */
  html?: string | undefined
  files: Upload[]
  /** Absent: whoever a reply-all goes to. */
  to?: Person[]
  cc?: Person[]
  bcc?: Person[]
  subject?: string | undefined
  sender?: string
  forwarded?: Forwarded | undefined
  /** The mail that was chosen to be answered. */
  in_reply_to_id?: number | undefined
  /** A template of WhatsApp that was to leave later and was had back: what it was, and the file of its header. */
  template?: NonNullable<NewReply['template']> | undefined
  header?: Upload | undefined
  /** What the server called it last; 0 or absent where it never had it. */
  version?: number
  /** Changed since the server had it. */
  isDirty?: boolean
}

export const EMPTY: Draft = { text: '', files: [] }

const KEPT = 200
const PREFIX = 'draft:'
let author = 0
const keyOf = (conversation: number, mode: Mode) => `${PREFIX}${author}:${conversation}:${mode}`

/** Whose drafts these are from now on: who signs in after a colleague, in the same browser, finds their own. */
export function draftsOf(member: number): void {
  author = member
}

export const isEmpty = ({ text, html, files, to, cc, bcc, subject, forwarded, template }: Draft): boolean =>
  !text && !html && !files.length && !to && !cc && !bcc && subject === undefined && !forwarded && !template

export function readDraft(conversation: number, mode: Mode): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(conversation, mode)) ?? 'null') as Draft | null
    return kept ?? EMPTY
  } catch {
    return EMPTY
  }
}

export function writeDraft(conversation: number, mode: Mode, draft: Draft): void {
  const key = keyOf(conversation, mode)
  try {
    if (isEmpty(draft)) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }))
  } catch {
    forgetOldest()
  }
}

export const hasDraft = (conversation: number): boolean =>
  localStorage.getItem(keyOf(conversation, 'reply')) !== null || localStorage.getItem(keyOf(conversation, 'note')) !== null

/** The storage is full: the oldest half of many drafts goes. */
function forgetOldest(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  if (keys.length < KEPT) return
  const age = (key: string) => Number(/"at":(\d+)/.exec(localStorage.getItem(key) ?? '')?.[1] ?? 0)
  for (const key of keys.sort((a, b) => age(a) - age(b)).slice(0, keys.length / 2)) localStorage.removeItem(key)
}
