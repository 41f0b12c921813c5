// Marks the words that a search found, in the page or in the document of a mail, without touching either: the browser paints
// ranges (CSS Custom Highlight). Where it cannot, nothing is marked.
const SEPARATED = /^(?=(?:\D*\d){3})[\da-z]{5,}$/
const NAME = 'found'
const MOST = 500

/** Only while something is marked: the browser would work out the marks of every element of the page, whenever it draws one. */
const look = new CSSStyleSheet()
look.replaceSync(`::highlight(${NAME}) { background: light-dark(#fff2a8, #5c4a10); color: light-dark(#1f2328, #fff6dd); }`)

/** The text without case or accents, a character for each character, as the server folds it. */
const fold = (text: string) => Array.from(text, (character) => {
  const bare = character.normalize('NFKD')[0]?.toLowerCase() ?? character
  return bare.length === character.length ? bare : character
}).join('')

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A part number however its pieces are set apart; a phrase whatever stands between its words. */
function patternOf(mark: string): string {
  if (mark.includes(' ')) return mark.split(' ').map(escape).join('[^\\p{L}\\p{N}]{1,4}')
  return SEPARATED.test(mark) ? Array.from(mark, escape).join('[ .\\-/]?') : escape(mark)
}

/** Returns whether anything was found. A closed history that alone holds the words is opened. */
export function mark(root: HTMLElement, marks: readonly string[]): boolean {
  const window = root.ownerDocument.defaultView
  if (!window || !('highlights' in CSS)) return false
  window.CSS.highlights.delete(NAME)
  const wanted = marks.filter(Boolean).map(patternOf)
  if (!wanted.length) return false
  const ranges = rangesIn(root, new RegExp(wanted.join('|'), 'gu'))
  if (!ranges.length) return false
  const folds = ranges.map((range) => range.startContainer.parentElement?.closest('details:not([open])') ?? null)
  if (folds.every(Boolean)) folds[0]?.setAttribute('open', '')
  window.CSS.highlights.set(NAME, new window.Highlight(...ranges))
  if (window === self && !document.adoptedStyleSheets.includes(look)) document.adoptedStyleSheets.push(look)
  return true
}

export function unmark(): void {
  if (!('highlights' in CSS)) return
  CSS.highlights.delete(NAME)
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== look)
}

function rangesIn(root: HTMLElement, pattern: RegExp): Range[] {
  const { ownerDocument } = root
  const walker = ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const ranges: Range[] = []
  while (walker.nextNode() && ranges.length < MOST) {
    const node = walker.currentNode as Text
    for (const match of fold(node.data).matchAll(pattern)) {
      const range = ownerDocument.createRange()
      range.setStart(node, match.index)
      range.setEnd(node, match.index + match[0].length)
      ranges.push(range)
    }
  }
  return ranges
}
