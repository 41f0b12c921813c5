// How much of a thread its first frame shows: what fits in the window, guessed a little low, so that the guess shows too much.
import { bodyOf, heightOf } from './frame'
import type { Item } from './timeline'

/** As high as the last thread was. */
export const windowHeight = { value: 800 }

const LEAST = 3
const MOST = 12
const LINE = 28 // what was done, a day
// With the gap below: an e-mail's line, the smallest bubble, the smallest note.
const MAIL = 66
const BUBBLE = 50
const NOTE = 92
const ROW = 20
const LETTERS = 140 // in a row of the widest body

const isEmail = (item: Item) => item.kind === 'message' && item.message.kind !== 'note'

function heightLike(item: Item, isOpen: boolean): number {
  if (item.kind !== 'message') return LINE
  const { kind, to, text, body_url, shows_images } = item.message
  const closed = kind === 'note' ? NOTE : to.length ? MAIL : BUBBLE
  if (!isOpen) return closed
  const rows = text.slice(0, 2000).split('\n').reduce((count, row) => count + 1 + Math.floor(row.length / LETTERS), 0)
  return closed + ((body_url && heightOf(bodyOf(body_url, Boolean(shows_images)))) || rows * ROW)
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
