// A country as people call it, in the language of the page.
import { language } from '@/i18n'

export function countryOf(code: string): string {
  try {
    return new Intl.DisplayNames(language(), { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
