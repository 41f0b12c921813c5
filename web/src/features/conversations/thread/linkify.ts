// Finds addresses in plain text. Returns pieces to render as text and links; never HTML.
export interface Piece { text: string; href?: string }

const ADDRESS = /\bhttps?:\/\/[^\s<>"'«»]+|\bwww\.[^\s<>"'«»]+\.[^\s<>"'«»]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu
const TRAILING = /[.,;:!?)\]}]+$/

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    let found = match[0]
    const trailing = TRAILING.exec(found)?.[0] ?? ''
    // A closing bracket belongs to the address when it opened there.
    if (trailing && !(trailing.startsWith(')') && found.includes('('))) found = found.slice(0, -trailing.length)
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ text: found, href: hrefOf(found) })
    end = match.index + found.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}

function hrefOf(found: string): string {
  if (/^https?:/i.test(found)) return found
  return found.includes('@') && !/^www\./i.test(found) ? `mailto:${found}` : `https://${found}`
}
