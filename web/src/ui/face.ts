// What stands for a person without a picture.
export interface Face { initials: string; hue: string }

const HUES = ['blue', 'teal', 'green', 'amber', 'orange', 'pink', 'violet', 'indigo'] as const
const known = new Map<string, Face>()
const MANY = 1000

/** The same name always has the same face. */
export function faceOf(name: string): Face {
  const before = known.get(name)
  if (before) return before
  const words = name.split(/[\s@._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const initials = ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
  const hue = HUES[[...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % HUES.length] ?? 'blue'
  if (known.size >= MANY) known.clear()
  known.set(name, { initials, hue })
  return { initials, hue }
}
