// The newest message that the author of a reply can have read. What a colleague wrote a moment ago is on screen, and not read yet.
import { watch } from 'vue'
import type { Message } from '@/api/types'

const TO_READ = 1500

export function useSeen(messages: () => readonly Message[], lastIncoming: () => number, me: number) {
  let fresh = 0
  let since = 0
  let told = 0
  watch(messages, (now, before) => {
    const news = before.length ? now.findLast((message) => message.kind !== 'incoming' && message.member_id !== me && !before.some((one) => one.id === message.id)) : undefined
    if (news) [fresh, since] = [news.id, Date.now()]
  })
  /** What stopped a reply was shown with its words: it is read, however new. */
  function haveRead(ids: readonly number[]) {
    told = Math.max(told, ...ids)
  }
  function upTo(): number | null {
    if (!messages().length) return null
    const newest = Math.max(lastIncoming(), ...messages().map((message) => message.id))
    return Date.now() - since < TO_READ ? Math.max(told, Math.min(newest, fresh - 1)) : newest
  }
  return { upTo, haveRead }
}
