// Which older mail the next reply answers, by conversation: chosen in its menu, shown above the words, kept with the draft (see
// AnswerBar.vue), gone once it is sent. What is kept here is to whom that goes.
import { shallowReactive } from 'vue'
import type { ReplyRecipients } from '@/api/types'

const chosen = shallowReactive(new Map<number, ReplyRecipients>())

export const answeredIn = (conversation: number): ReplyRecipients | undefined => chosen.get(conversation)
export const answerThis = (conversation: number, reply: ReplyRecipients): void => { chosen.set(conversation, reply) }
export const answerTheNewest = (conversation: number): boolean => chosen.delete(conversation)
