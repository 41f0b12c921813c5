// Put a sign under a message, or take it back. Shown when the server says so: the frame comes within the second.
import { api, ask } from '@/api/client'
import { sentenceOf } from '@/api/submit'
import type { Message } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'

export function useReacting() {
  const { t } = useI18n()

  async function react(message: Message, emoji: string): Promise<void> {
    const path = { params: { path: { message_id: message.id } } }
    try {
      if (emoji) await ask(api.PUT('/api/messages/{message_id}/reaction', { ...path, body: { emoji } }))
      else await ask(api.DELETE('/api/messages/{message_id}/reaction', path))
    } catch (error) {
      toast(sentenceOf(error, t('conversations.offline')), { tone: 'danger' })
    }
  }
  return { react }
}
