// Which message the next reply answers, by conversation: chosen on a bubble, shown above the composer, gone once sent.
import { reactive } from 'vue'
import type { Message } from '@/api/types'

export interface Quoted { id: number; author: string; excerpt: string }

const chosen = reactive(new Map<number, Quoted>())

export const quotedIn = (conversation: number): Quoted | undefined => chosen.get(conversation)
export const unquote = (conversation: number): boolean => chosen.delete(conversation)

export function quote(message: Message, author: string): void {
  const excerpt = message.text || message.attachments[0]?.name || ''
  chosen.set(message.conversation_id, { id: message.id, author, excerpt: excerpt.slice(0, 160) })
}
