// How much of a thread its first frame shows: what fits in the window, guessed a little low, so that the guess shows too much.
import { bodyOf, heightOf } from './frame'
import type { Item } from './timeline'

/** As high as the last thread was. */
export const windowHeight = { value: 800 }

const LEAST = 3
const MOST = 12
const LINE = 28 // what was done, a day
const CLOSED = 54 // an e-mail's line, with its gap; the smallest bubble
const ROW = 20
const LETTERS = 140 // in a row of the widest body

const isEmail = (item: Item) => item.kind === 'message' && item.message.kind !== 'note'

function heightLike(item: Item, isOpen: boolean): number {
  if (item.kind !== 'message') return LINE
  if (!isOpen) return CLOSED
  const { text, body_url, shows_images } = item.message
  const rows = text.slice(0, 2000).split('\n').reduce((count, row) => count + 1 + Math.floor(row.length / LETTERS), 0)
  return CLOSED + ((body_url && heightOf(bodyOf(body_url, Boolean(shows_images)))) || rows * ROW)
}

export function countThatFills(items: readonly Item[]): number {
  const open = items.findLast(isEmail)
  let room = windowHeight.value
  let count = 0
  while (count < Math.min(items.length, MOST) && (room > 0 || count < LEAST)) {
    count += 1
    const item = items.at(-count)!
    room -= heightLike(item, item === open)
  }
  return count
}
