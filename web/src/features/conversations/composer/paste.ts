// What may stay of HTML that is pasted or restored: words, tables, lists, links; not the fonts and margins of Word and Outlook,
// nor pictures that live elsewhere. The server cleans again.
import DOMPurify from 'dompurify'

const TAGS = ['a', 'b', 'blockquote', 'br', 'code', 'del', 'div', 'em', 'h1', 'h2', 'h3', 'h4', 'hr', 'i', 'img', 'li', 'ol', 'p', 'pre', 's', 'span', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'u', 'ul']
const ATTRIBUTES = ['href', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan', 'align', 'valign', 'border', 'cellpadding', 'cellspacing', 'style', 'dir', 'start']
const STYLES = /^(text-align|vertical-align|font-weight|font-style|text-decoration|border(-.+)?|padding(-.+)?|width|white-space)$/
const OUR_PICTURE = /^\/api\/attachments\/\d+\/preview$/
const CELLS = /^(TABLE|TD|TH|TR)$/

const cleaner = DOMPurify()

cleaner.addHook('afterSanitizeAttributes', (node) => {
  if (!(node instanceof HTMLElement)) return
  if (node.tagName === 'IMG' && !OUR_PICTURE.test(node.getAttribute('src') ?? '')) node.remove()
  if (node.tagName === 'TABLE') node.setAttribute('style', `${node.getAttribute('style') ?? ''};border-collapse:collapse`)
  const given = node.getAttribute('style')
  if (given === null) return
  const kept = [...node.style].filter((name) => (STYLES.test(name) || name === 'border-collapse') && (CELLS.test(node.tagName) || !/^(border|padding|width)/.test(name)))
  const style = kept.map((name) => `${name}:${node.style.getPropertyValue(name)}`).filter((one) => !/url\(|expression|mso-/i.test(one)).join(';')
  if (style) node.setAttribute('style', style)
  else node.removeAttribute('style')
})

export function cleanFragment(html: string): DocumentFragment {
  const words = html.replace(/<!--\[if[\s\S]*?endif\]-->/gi, '').replace(/<\/?o:p>/gi, '')
  const fragment = cleaner.sanitize(words, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ATTRIBUTES, RETURN_DOM_FRAGMENT: true })
  return document.importNode(fragment, true)
}

export function asHtml(text: string): string {
  const element = document.createElement('div')
  return text.split('\n').map((line) => { element.textContent = line; return `<div>${element.innerHTML || '<br>'}</div>` }).join('')
}
