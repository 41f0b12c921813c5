// Show mails of this conversation to somebody else. Not optimistic: the side conversation exists when the server says so.
import { computed, ref, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import { isKnownOutside } from '@/api/known'
import type { Draft } from '@/api/drafts'
import { uuid } from '@/api/outbox'
import { Refused } from '@/api/problems'
import type { Message, ReplyRecipients } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { usePlace } from '../place'
import { useHolding } from './holding'
import { replyOf } from './sending'

export function useForwarding(conversation: number, messages: () => readonly Message[], undoSeconds: Readonly<Ref<number>>) {
  const { t } = useI18n()
  const place = usePlace()
  const holding = useHolding()
  const isBusy = ref(false)
  let clientId = uuid() // the same one until it is done: twice is once

  /** Notes are no mails, nor is what has not left; what has no id yet cannot be named. */
  const mails = computed(() => messages().filter((message) => isKnownOutside(message) && message.id > 0))

  async function forward(draft: Draft, reply: ReplyRecipients): Promise<boolean> {
    isBusy.value = true
    try {
      const sent = await ask(api.POST('/api/conversations/{conversation_id}/forwards', { params: { path: { conversation_id: conversation } }, body: replyOf(draft, reply, clientId, true) }))
      const words = t('conversations.write.forwarded', { address: sent.to[0]?.address ?? '' })
      clientId = uuid()
      if (undoSeconds.value) holding.offerById(sent.id, undoSeconds.value, words)
      else toast(words)
      await place.go({ id: sent.conversation_id })
      return true
    } catch (error) {
      toast(error instanceof Refused ? error.message : t('conversations.failed', { reason: t('conversations.offline') }), { tone: 'danger' })
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { mails, forward, isBusy }
}
