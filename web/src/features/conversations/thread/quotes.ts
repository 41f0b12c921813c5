// Splits a plain-text message from what it quotes at its end, so that only the new words show.
const INTRODUCTION = /^(?:(?:Le|On|Am|El|Il)\s.{4,160}(?:a écrit|wrote|schrieb|escribió|ha scritto)\s?:|-{2,}\s?(?:Original Message|Message d'origine|Message original|Forwarded message)\s?-{2,})\s*$/i
const HEADER = /^(?:De|From)\s?:\s.+$/i
const HEADER_NEXT = /^(?:Envoyé|Sent|Date|À|To|Objet|Subject)\s?:\s/i

export function splitQuote(text: string): { fresh: string; quoted: string } {
  const lines = text.split('\n')
  const start = lines.findIndex((line, index) => startsQuote(lines, line.trim(), index))
  if (start <= 0) return { fresh: text, quoted: '' }
  const fresh = lines.slice(0, start).join('\n').trimEnd()
  return fresh ? { fresh, quoted: lines.slice(start).join('\n').trim() } : { fresh: text, quoted: '' }
}

function startsQuote(lines: string[], line: string, index: number): boolean {
  if (INTRODUCTION.test(line)) return true
  // "Le lundi 3 mars 2025 à 10:12, Léa" / "<lea@…> a écrit :" is often wrapped over two lines.
  if (/^(Le|On)\s/.test(line) && INTRODUCTION.test(`${line} ${lines[index + 1]?.trim() ?? ''}`)) return true
  if (HEADER.test(line) && HEADER_NEXT.test(lines[index + 1]?.trim() ?? '')) return true
  // From here on, everything is quoted.
  return line.startsWith('>') && lines.slice(index).every((rest) => rest.trim() === '' || rest.trimStart().startsWith('>'))
}
