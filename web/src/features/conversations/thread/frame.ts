// What the page may do with the document of a mail, from outside: measure it, fold what it quotes, hear its keys.
// The frame has no scripts of its own (sandbox without allow-scripts, and a CSP on the document itself).
// Outlook and Thunderbird announce the quote with a marker: all that follows it is quoted.
const MARKERS = '.moz-cite-prefix, #divRplyFwdMsg, #appendonsend'
const QUOTES = '.gmail_quote, .gmail_quote_container, blockquote[type="cite"], .yahoo_quoted, .protonmail_quote, blockquote, ' + MARKERS

/** The heights that mails had, so that a mail opened again takes its place at once. */
const heights = new Map<string, number>()
export const heightOf = (key: string): number | undefined => heights.get(key)

export function measure(key: string, document: Document): number {
  const { body, documentElement } = document
  if (!body) return 0
  const scrollbar = documentElement.scrollWidth > documentElement.clientWidth ? 16 : 0
  const height = Math.ceil(Math.max(body.getBoundingClientRect().bottom, body.scrollHeight)) + scrollbar
  heights.set(key, height)
  return height
}

/** Everything from the first quote to the end, if nothing but quote follows it. Returns how to show or hide it. */
export function foldQuotes(document: Document): ((folded: boolean) => void) | undefined {
  const first = document.querySelector<HTMLElement>(QUOTES)
  if (!first || !hasWordsBefore(first) || hasWordsAfter(first)) return undefined
  const hidden = [first, ...followers(first)]
  const display = hidden.map((element) => element.style.display)
  return (folded) => hidden.forEach((element, index) => { element.style.display = folded ? 'none' : (display[index] ?? '') })
}

function followers(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = []
  for (let next = element.nextElementSibling; next; next = next.nextElementSibling) if ('style' in next) found.push(next as HTMLElement)
  return found
}

function textNodes(document: Document): Node[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found: Node[] = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) if (node.textContent?.trim()) found.push(node)
  return found
}

function hasWordsBefore(first: HTMLElement): boolean {
  return textNodes(first.ownerDocument).some((node) => first.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING)
}

/** Words after the quote that are not themselves quoted: an answer between the lines must stay visible. */
function hasWordsAfter(first: HTMLElement): boolean {
  const quoted = first.matches(MARKERS) ? [first, ...followers(first)] : [first]
  return textNodes(first.ownerDocument).some(
    (node) => first.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && !quoted.some((one) => one.contains(node)) && !node.parentElement?.closest(QUOTES),
  )
}
