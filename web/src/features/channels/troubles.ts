// What is wrong with a mailbox, in a sentence; the codes are those of comptoir/channels/troubles.py.
import { useI18n } from '@/i18n'

export function useTrouble() {
  const { t, te } = useI18n()
  return (code: string | null | undefined, side: string | null | undefined): string => {
    const ofNumber = `numbers.findings.${code}`
    if (side === 'api' && te(ofNumber)) return t(ofNumber, { provider: t('channels.servers.api'), value: '', n: 0 })
    const key = `channels.troubles.${code}`
    const server = t(`channels.servers.${side === 'imap' || side === 'smtp' || side === 'api' ? side : 'any'}`)
    return t(te(key) ? key : 'channels.troubles.protocol_error', { server })
  }
}
