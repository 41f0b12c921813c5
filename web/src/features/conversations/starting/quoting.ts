// What is quoted behind ">" as a quotation with form; the rest as it was written.
import { asHtml } from '../composer/paste'

export function withQuotes(text: string): string {
  if (!text.trim()) return ''
  const blocks: { isQuoted: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const isQuoted = line.startsWith('>')
    const words = isQuoted ? line.replace(/^> ?/, '') : line
    const last = blocks.at(-1)
    if (last && last.isQuoted === isQuoted) last.lines.push(words)
    else blocks.push({ isQuoted, lines: [words] })
  }
  return blocks.map(({ isQuoted, lines }) => (isQuoted ? `<blockquote>${asHtml(lines.join('\n'))}</blockquote>` : asHtml(lines.join('\n')))).join('')
}
