// A mail at the wrong place, or from somebody else than it seems: put right with one gesture, put back with another.
import { useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import type { Message } from '@/api/types'
import { useI18n } from '@/i18n'
import { useActs } from '../actions/acts'
import { usePlace } from '../place'

export const canMove = (message: Message): boolean => message.id > 0 && (message.kind === 'incoming' || message.kind === 'reply')

export function useMoving() {
  const { t } = useI18n()
  const client = useQueryClient()
  const place = usePlace()
  const { attempt, offerUndo } = useActs()
  const path = (message: Message) => ({ params: { path: { message_id: message.id } } })
  const refresh = (...ids: number[]) => Promise.all(ids.map((id) => client.invalidateQueries({ queryKey: ['thread', id] })))

  /** The message and what answers it go to a conversation of their own, which opens. */
  const split = (message: Message) => attempt(async () => {
    const from = message.conversation_id
    const { conversation_id: to } = await ask(api.POST('/api/messages/{message_id}/split', path(message)))
    await place.go({ id: to })
    void refresh(from, to)
    offerUndo(t('conversations.places.moved'), () => attempt(async () => {
      await ask(api.PUT('/api/messages/{message_id}/conversation', { ...path(message), body: { conversation_id: from } }))
      await place.go({ id: from }, 'replace')
      void refresh(from)
    }))
  })

  /** The message and what answers it join another conversation, which opens. */
  const move = (message: Message, to: number) => attempt(async () => {
    const from = message.conversation_id
    await ask(api.PUT('/api/messages/{message_id}/conversation', { ...path(message), body: { conversation_id: to } }))
    await place.go({ id: to })
    void refresh(from, to)
    offerUndo(t('conversations.places.moved'), () => attempt(async () => {
      await ask(api.PUT('/api/messages/{message_id}/conversation', { ...path(message), body: { conversation_id: from } }))
      await place.go({ id: from }, 'replace')
      void refresh(from, to)
    }))
  })

  const setAuthor = (message: Message, isAuthors: boolean) => attempt(async () => {
    await ask(isAuthors ? api.PUT('/api/messages/{message_id}/authorship', path(message)) : api.DELETE('/api/messages/{message_id}/authorship', path(message)))
    await refresh(message.conversation_id)
  })

  return { split, move, setAuthor }
}
