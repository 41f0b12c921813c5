// For some seconds a reply can be taken back: it becomes a draft again, wherever the member is by then.
import { useQueryClient } from '@tanstack/vue-query'
import { watch } from 'vue'
import { api, ask } from '@/api/client'
import { useOutbox } from '@/api/outbox'
import { isTransient } from '@/api/problems'
import type { ThreadData } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { offerUndo } from '../actions/undoing'
import { usePlace } from '../place'
import { returned } from './drafting'

export function useHolding() {
  const { t } = useI18n()
  const client = useQueryClient()
  const outbox = useOutbox()
  const place = usePlace()

  async function takeBack(messageId: number) {
    try {
      const draft = await ask(api.DELETE('/api/messages/{message_id}/delivery', { params: { path: { message_id: messageId } } }))
      returned.value = draft
      if (place.id.value !== draft.conversation_id) await place.go({ id: draft.conversation_id })
    } catch (error) {
      toast(isTransient(error) ? t('conversations.failed', { reason: t('conversations.offline') }) : (error as Error).message, { tone: 'danger' })
    }
  }

  function idOf(conversation: number, clientId: string): number | undefined {
    const pages = client.getQueryData<ThreadData>(['thread', conversation])?.pages ?? []
    return pages.flatMap((page) => page.messages).find((message) => message.client_id === clientId)?.id
  }

  /** Says that it is sent, and offers to take it back for as long as the server holds it; unless the server refuses it. */
  function offer(conversation: number, clientId: string, seconds: number, words: string) {
    if (!seconds) return
    const withdraw = offerUndo(words, async () => {
      await outbox.flush()
      const id = idOf(conversation, clientId)
      if (id !== undefined) await takeBack(id)
    }, seconds * 1000)
    const unwatch = watch(() => outbox.items.value.find((item) => item.client_id === clientId)?.state, (state) => {
      if (state === 'refused') withdraw()
      if (state === 'refused' || !state) unwatch()
    })
  }

  const offerById = (id: number, seconds: number, words: string) => offerUndo(words, () => takeBack(id), seconds * 1000)

  return { takeBack, offer, offerById }
}
