// Put a sign under a message, or take it back. Shown when the server says so: the frame comes within the second.
import { api, ask } from '@/api/client'
import { sentenceOf } from '@/api/submit'
import type { Message } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'

const loose = api as unknown as Record<'PUT' | 'DELETE', (path: string, init?: object) => Promise<{ data?: unknown; response: Response }>>

export function useReacting() {
  const { t } = useI18n()

  async function react(message: Message, emoji: string): Promise<void> {
    try {
      const path = `/api/messages/${message.id}/reaction`
      await ask(emoji ? loose.PUT(path, { body: { emoji } }) : loose.DELETE(path))
    } catch (error) {
      toast(sentenceOf(error, t('conversations.offline')), { tone: 'danger' })
    }
  }
  return { react }
}
