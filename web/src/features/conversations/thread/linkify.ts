// Finds addresses and phone numbers in plain text. Returns pieces to render as text and links; never HTML.
export interface Piece { text: string; href?: string }

const GAP = '[ .\\u00a0\\u202f-]'
const PLACES = ['\\bhttps?:\\/\\/[^\\s<>"\'«»]+', '\\bwww\\.[^\\s<>"\'«»]+\\.[^\\s<>"\'«»]+', '\\b[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+\\b']
// A number abroad begins with + or 00; one of France is written in pairs, or is a mobile: "0 986 494 123" is a part, not a phone.
const PHONES = [`(?:\\+|00)[1-9]\\d{0,2}(?:${GAP}?\\(0\\))?(?:${GAP}?\\d{1,4}){2,6}`, `0[1-9](?:(${GAP})\\d\\d)(?:\\1\\d\\d){3}`, '0[67]\\d{8}']
const ADDRESS = new RegExp(`${PLACES.join('|')}|(?<![\\w+./-])(?<!\\d )(?:${PHONES.join('|')})(?![\\w/-])`, 'giu')
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

const isPhone = (found: string) => /^[+0][\d\s().\u00a0\u202f-]+$/.test(found)

function hrefOf(found: string): string {
  if (isPhone(found)) return `tel:${found.replace(/\(0\)/, '').replace(/[^\d+]/g, '')}`
  if (/^https?:/i.test(found)) return found
  return found.includes('@') && !/^www\./i.test(found) ? `mailto:${found}` : `https://${found}`
}
