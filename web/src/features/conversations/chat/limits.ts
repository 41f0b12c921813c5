// What the provider of a number carries, told before anything is sent. The same rules as comptoir/channels/policy.py.
import type { Abilities } from '@/api/types'

type Limit = Abilities['files'][number]
const NAMED_ONLY = /^(?:image|audio|video)\//

export function limitFor(abilities: Abilities, mediaType: string): Limit | undefined {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase()
  const named = abilities.files.find((limit) => limit.media_types.includes(type))
  return named ?? (NAMED_ONLY.test(type) ? undefined : abilities.files.find((limit) => !limit.media_types.length))
}

export type FileProblem = { kind: 'refused' } | { kind: 'tooLarge'; most: number }

export function problemOf(abilities: Abilities, file: { type: string; size: number }): FileProblem | undefined {
  const limit = limitFor(abilities, file.type)
  if (!limit) return { kind: 'refused' }
  return file.size > limit.most_bytes ? { kind: 'tooLarge', most: limit.most_bytes } : undefined
}

/** One message carries one file: the words go with the first file that can carry them, else before all. */
export function split<F extends { media_type: string }>(abilities: Abilities, text: string, files: readonly F[]): { text: string; files: F[] }[] {
  if (!files.length) return [{ text, files: [] }]
  const [first, ...rest] = files
  const carries = !text || (limitFor(abilities, first!.media_type)?.has_caption && text.length <= abilities.most_caption)
  const begins = carries ? [{ text, files: [first!] }] : [{ text, files: [] }, { text: '', files: [first!] }]
  return [...begins, ...rest.map((file) => ({ text: '', files: [file] }))]
}
