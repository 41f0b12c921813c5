// What the parts of a chat share: which failures a template cures, and how a click on a quote finds its message.
import type { InjectionKey } from 'vue'

/** The window had closed: our own codes. */
export const NEEDS_TEMPLATE: ReadonlySet<string> = new Set(['window_closed', 'template_required'])

const NOTICES = new Set(['number_changed', 'identity_changed', 'missed_call', 'group', 'welcome', 'history_media'])
export const noticeKey = (code: string): string => (NOTICES.has(code) ? `chat.notice.${code}` : 'chat.notice.other')

/** Shows the message of that id, loading what lies above as far as needed; false when it is not there. */
export type GoTo = (id: number) => Promise<boolean>
export const GO_TO: InjectionKey<GoTo> = Symbol('go to a message')

/** 75 -> "1:15". */
export function clockOf(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
