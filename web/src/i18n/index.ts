// The language of the page: only the one in use is loaded. `useFormats()` follows it, and the member's time zone.
import { computed, ref, type ComputedRef } from 'vue'
import { createI18n } from 'vue-i18n'
import { formats, type Formats, type Language } from './format'
import type { Messages } from './merge'

export { useI18n } from 'vue-i18n'
export type { Formats, Language } from './format'

const LOADERS: Record<Language, () => Promise<{ default: Messages }>> = { fr: () => import('./fr/index'), en: () => import('./en/index') }

export const i18n = createI18n({ legacy: false, locale: 'fr', fallbackLocale: [], missingWarn: true, messages: {} })
const timezone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
const current = computed(() => formats(language(), timezone.value))

export const language = (): Language => (i18n.global.locale.value === 'en' ? 'en' : 'fr')
export const useFormats = (): ComputedRef<Formats> => current

/** The language asked last time in this browser, else the browser's own. */
export function guessLanguage(): Language {
  const kept = localStorage.getItem('language')
  if (kept === 'fr' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

export async function useLanguage(wanted: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(wanted as never)) {
    const messages = await LOADERS[wanted]()
    i18n.global.setLocaleMessage(wanted, messages.default as never)
  }
  i18n.global.locale.value = wanted
  document.documentElement.lang = wanted
  localStorage.setItem('language', wanted)
}

export function useTimezone(name: string): void {
  try {
    new Intl.DateTimeFormat('fr', { timeZone: name })
    timezone.value = name
  } catch {
    // An unknown zone keeps the browser's.
  }
}
