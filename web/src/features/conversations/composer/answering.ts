// Which older mail the next reply answers, by conversation: chosen in its menu, shown above the words, gone once it is sent.
import { shallowReactive } from 'vue'
import type { Message, ReplyRecipients } from '@/api/types'

export interface Answered {
  message: Message
  reply: ReplyRecipients
}

const chosen = shallowReactive(new Map<number, Answered>())

export const answeredIn = (conversation: number): Answered | undefined => chosen.get(conversation)
export const answerThis = (message: Message, reply: ReplyRecipients): void => { chosen.set(message.conversation_id, { message, reply }) }
export const answerTheNewest = (conversation: number): boolean => chosen.delete(conversation)
