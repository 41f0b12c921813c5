// A thread that is on screen is read: says so to the server, once per newest message.
import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, watch, type ComputedRef } from 'vue'
import { api, ask } from '@/api/client'
import { putReadings } from '@/api/patch'
import { useReadings } from '@/api/queries'

/** Put back among the unread while it is on screen: it stays so until it is opened again. */
const kept = new Set<number>()
export const keepUnread = (conversation: number): void => void kept.add(conversation)

const AFTER = 400 // flicking through the list with j is not reading

export function useMarkAsRead(open: () => number, newest: ComputedRef<number>, lastIncoming: ComputedRef<number>): void {
  const client = useQueryClient()
  const readings = useReadings()
  let timer: ReturnType<typeof setTimeout> | undefined

  function mark() {
    const conversation = open()
    if (document.hidden || kept.has(conversation) || !newest.value || lastIncoming.value <= (readings.value[conversation] ?? 0)) return
    const upto = Math.max(newest.value, lastIncoming.value)
    putReadings(client, [{ conversation_id: conversation, upto }])
    void ask(api.PUT('/api/conversations/{conversation_id}/reading', { params: { path: { conversation_id: conversation } }, body: { message_id: newest.value } }))
      .then(() => client.invalidateQueries({ queryKey: ['counts'] }))
      .catch(() => {})
  }
  const soon = () => { clearTimeout(timer); timer = setTimeout(mark, AFTER) }

  watch([open, newest, lastIncoming], ([now], [before]) => {
    if (before !== undefined && now !== before) kept.delete(before)
    soon()
  }, { immediate: true })
  document.addEventListener('visibilitychange', soon)
  onScopeDispose(() => {
    kept.delete(open())
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', soon)
  })
}
