// Answer a mail that is not the newest: to whom that goes is asked of the server, then the composer takes over.
import { api, ask } from '@/api/client'
import { Refused } from '@/api/problems'
import type { Message } from '@/api/types'
import { useI18n } from '@/i18n'
import { run } from '@/keys/commands'
import { toast } from '@/ui/toasts'
import { answerThis } from '../composer/answering'

export function useAnswering() {
  const { t } = useI18n()
  return async (message: Message) => {
    try {
      answerThis(message.conversation_id, await ask(api.GET('/api/messages/{message_id}/recipients', { params: { path: { message_id: message.id } } })))
      run('write.reply')
    } catch (error) {
      toast(t('conversations.failed', { reason: error instanceof Refused ? error.message : t('conversations.offline') }), { tone: 'danger' })
    }
  }
}
