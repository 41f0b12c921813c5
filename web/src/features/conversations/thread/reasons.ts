// Why a message did not leave, or not yet: our sentence for the code, and beneath it the other server's own words.
import type { Message } from '@/api/types'
import { hasAllWords, loadAllWords, useI18n } from '@/i18n'

export interface Reason { sentence: string; theirWords: string }

/** `words`: where the sentences are; those of a chat speak of WhatsApp, not of a mail server. */
export function useReason(words: 'reasons' | 'numbers.reasons' = 'reasons') {
  const { t, te } = useI18n()
  return ({ error_code: code, error_detail: detail }: Pick<Message, 'error_code' | 'error_detail'>): Reason => {
    // These words are not among the first screen's: who needs them at once fetches them now, and is written again.
    if (code && !hasAllWords.value) void loadAllWords().catch(() => {})
    const key = [`${words}.${code}`, `reasons.${code}`].find((one) => te(one)) ?? ''
    if (code && key) return { sentence: t(key), theirWords: detail ?? '' }
    // A refusal of our own server is already a sentence in the member's language; its code is none of theirs.
    if (detail && !code) return { sentence: detail, theirWords: '' }
    return { sentence: te('reasons.unknown') ? t('reasons.unknown') : '', theirWords: detail ?? '' }
  }
}
