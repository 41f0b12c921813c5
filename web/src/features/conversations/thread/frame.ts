// What the page may do with the document of a mail, from outside: measure it, name its fold, hear its keys.
// The frame has no scripts of its own (sandbox without allow-scripts, and a CSP on the document itself).

/** Where the document of a mail is, with or without what it wants from elsewhere: images for one. */
export const bodyOf = (url: string, withImages: boolean): string => `${url.split('?')[0]}?images=${withImages ? 1 : 0}`

/** The heights that mails had, by that address, so that a mail opened again takes its place at once. */
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

/** The server folds the quoted history behind "•••"; here it gets its words. */
export function nameFold(document: Document, words: string): void {
  const fold = document.querySelector('details.history > summary')
  fold?.setAttribute('aria-label', words)
  fold?.setAttribute('title', words)
}
