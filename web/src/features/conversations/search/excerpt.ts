// The server marks what matched with two control characters, so that an excerpt is text and never HTML.
export interface Piece { text: string; isMatch: boolean }

export function pieces(excerpt: string): Piece[] {
  const found: Piece[] = []
  let isMatch = false
  for (const text of excerpt.split(/([\u0001\u0002])/)) {
    if (text === '\u0001') isMatch = true
    else if (text === '\u0002') isMatch = false
    else if (text) found.push({ text, isMatch })
  }
  return found
}
