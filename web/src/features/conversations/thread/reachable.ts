// Makes the addresses and numbers in the words of a mail as reachable as in plain text: a link around them, made here, node by node,
// from what is already on screen. Nothing of the sender's is read as HTML, and what is a link or a control already stays as it is.
import { linkify } from './linkify'

const SKIPPED = 'a, summary, button, select, textarea, style, script, title, svg'
const LIKELY = /@|\d[\d\s().\u00a0\u202f-]{6}/
const MOST_CHARACTERS = 500_000
const MOST_LINKS = 300
// In the sender's own colour: their page keeps its looks, and what can be clicked shows it.
const LOOKS = 'color: inherit; text-decoration: underline dotted; text-underline-offset: 2px'

export function makeReachable(root: HTMLElement): void {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const likely: Text[] = []
  let read = 0
  while (walker.nextNode() && read < MOST_CHARACTERS) {
    const node = walker.currentNode as Text
    read += node.length
    if (LIKELY.test(node.data) && !node.parentElement?.closest(SKIPPED)) likely.push(node)
  }
  let left = MOST_LINKS
  for (const node of likely) {
    if (left <= 0) return
    left -= linkIn(node)
  }
}

/** How many there were. The node is cut at them, so that ranges that are painted elsewhere in it stay where they are. */
function linkIn(node: Text): number {
  let rest = node
  let made = 0
  for (const { text, href } of linkify(node.data)) {
    if (!href || !/^(mailto|tel):/.test(href)) {
      if (text.length < rest.length) rest = rest.splitText(text.length)
      continue
    }
    const after = text.length < rest.length ? rest.splitText(text.length) : undefined
    const link = rest.ownerDocument.createElement('a')
    link.href = href
    link.style.cssText = LOOKS
    rest.replaceWith(link)
    link.append(rest)
    made += 1
    if (!after) break
    rest = after
  }
  return made
}
