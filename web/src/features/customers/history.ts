// What was said so far, as text to quote under the first words on another channel.
import { isKnownOutside } from '@/api/known'
import type { Message } from '@/api/types'
import type { Formats } from '@/i18n'

const MOST = 12
const LONGEST = 600

/** The newest messages that both sides know of, never a note, nor what did not leave: each line behind a ">". */
export function quoted(messages: readonly Message[], formats: Formats, us: string): string {
  const said = messages.filter((one) => isKnownOutside(one) && one.text.trim()).slice(-MOST)
  return said
    .map((one) => {
      const who = one.kind === 'incoming' ? one.sender.name || one.sender.address : us
      const words = one.text.length > LONGEST ? `${one.text.slice(0, LONGEST)}…` : one.text
      return [`${formats.full(new Date(one.at))} — ${who}`, ...words.trim().split('\n')].map((line) => `> ${line}`).join('\n')
    })
    .join('\n>\n')
}
