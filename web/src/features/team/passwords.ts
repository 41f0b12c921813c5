// How good a new password is, in a word. It guides and never forbids: the only rule is the length, as on the server.
export const SHORTEST = 10
export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'strong'

const COMMON = ['password', 'motdepasse', 'azerty', 'qwerty', 'qsdfgh', 'abcdef', 'bonjour', 'welcome', 'bienvenue', 'letmein', 'iloveyou', 'admin', 'comptoir', '12345', '54321']
const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u]

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** `known`: what others know of this person (name, address, organisation). */
export function strengthOf(password: string, known: string[] = []): Strength {
  if (!password) return 'empty'
  if ([...password].length < SHORTEST) return 'short'
  const rest = withoutGuessable(plain(password), known)
  const distinct = new Set(rest).size
  if (rest.length < 6 || distinct < 5) return 'weak'
  const classes = CLASSES.filter((one) => one.test(password)).length
  return rest.length >= 16 || (rest.length >= 12 && classes >= 3) ? 'strong' : 'fair'
}

export const missing = (password: string): number => Math.max(0, SHORTEST - [...password].length)

function withoutGuessable(password: string, known: string[]): string {
  const words = known.flatMap((text) => plain(text).split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 4)
  const found = [...words, ...COMMON].sort((a, b) => b.length - a.length)
  return found.reduce((rest, word) => rest.replaceAll(word, ''), password.replace(/\s+/g, ' '))
}
