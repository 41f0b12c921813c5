// The language of the page: only the one in use is loaded, first what the first screen says, the rest when it is needed or at idle.
// `useFormats()` follows the language, and the member's time zone.
import { computed, ref, shallowRef, type ComputedRef } from 'vue'
import { createI18n } from 'vue-i18n'
import { formats, type Formats, type Language } from './format'
import type { Messages } from './merge'

export type { Formats, Language } from './format'

type Loader = () => Promise<{ default: Messages }>
const FIRST: Record<Language, Loader> = { fr: () => import('./fr/first'), en: () => import('./en/first') }
const REST: Record<Language, Loader> = { fr: () => import('./fr/rest'), en: () => import('./en/rest') }

export const i18n = createI18n({ legacy: false, locale: 'fr', fallbackLocale: [], missingWarn: true, messages: {} })
const zone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
/** Turns once a minute, so that "09:41" becomes "hier" on a page left open; a new object makes every time be written again. */
const minute = ref(0)
if (typeof window !== 'undefined') {
  const turn = () => { if (!document.hidden) minute.value = Math.floor(Date.now() / 60_000) }
  setInterval(turn, 60_000)
  document.addEventListener('visibilitychange', turn)
}
const made = computed(() => formats(language(), zone.value))
const current = computed(() => ({ ...made.value, minute: minute.value }))

export const language = (): Language => (i18n.global.locale.value === 'en' ? 'en' : 'fr')
/** Where the member lives. */
export const timezone = (): string => zone.value
/** What was said is looked up: a thread says the same hundred sentences again and again. */
const kept = shallowRef(new Map<string, string>())
const MANY = 2000
const forgetWords = () => { kept.value = new Map() }

function say(key: string, ...given: unknown[]): string {
  const asked = given.length ? `${key} ${JSON.stringify(given)}` : key
  const before = kept.value.get(asked)
  if (before !== undefined) return before
  const words = (i18n.global.t as (key: string, ...given: unknown[]) => string)(key, ...given)
  if (kept.value.size >= MANY) kept.value.clear()
  if (words !== key) kept.value.set(asked, words)
  return words
}
const speaking = { t: say as typeof i18n.global.t, te: i18n.global.te }
export const useI18n = (): typeof speaking => speaking
export const useFormats = (): ComputedRef<Formats> => current

/** The language asked last time in this browser, else the browser's own. */
export function guessLanguage(): Language {
  const kept = localStorage.getItem('language')
  if (kept === 'fr' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

const loaded = new Set<Loader>()
/** Whether the words beyond the first screen are there. Whoever asks `te()` for one of them looks here too. */
export const hasAllWords = ref(false)

async function load(from: Record<Language, Loader>, wanted: Language): Promise<void> {
  if (loaded.has(from[wanted])) return
  const messages = await from[wanted]()
  i18n.global.mergeLocaleMessage(wanted, messages.default as never)
  forgetWords()
  loaded.add(from[wanted])
  if (from === REST) hasAllWords.value = true
}

/** The words of every screen, beyond the first one. */
export const loadAllWords = (): Promise<void> => load(REST, language())

/** A part of the page that comes later, with the words it says. */
export const withWords = <T>(part: Promise<T>): Promise<T> => Promise.all([part, loadAllWords().catch(() => {})]).then(([loaded]) => loaded)

export async function useLanguage(wanted: Language): Promise<void> {
  await load(FIRST, wanted)
  if (loaded.has(REST[language()])) await load(REST, wanted)
  i18n.global.locale.value = wanted
  forgetWords()
  document.documentElement.lang = wanted
  localStorage.setItem('language', wanted)
}

export function useTimezone(name: string): void {
  try {
    new Intl.DateTimeFormat('fr', { timeZone: name })
    zone.value = name
  } catch {
    // An unknown zone keeps the browser's.
  }
}
