// Why a message did not leave, in a sentence: ours when the code is known, else the other server's own words.
import type { Message } from '@/api/types'
import { useI18n } from '@/i18n'

export function useReason() {
  const { t, te } = useI18n()
  return ({ error_code: code, error_detail: detail }: Message): string => {
    const key = `reasons.${code}`
    if (!code || !te(key)) return detail ?? ''
    return detail ? `${t(key)} (${detail})` : t(key)
  }
}
