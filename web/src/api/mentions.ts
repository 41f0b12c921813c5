// Who a note calls: names after an @, in its words. What is written decides, however it was put there.
import { queryOptions } from '@tanstack/vue-query'
import { api, ask } from './client'
import type { Mention, Mentionable } from './types'

/** Whom a note in a conversation can call, asked once in a while. */
export const mentionableQuery = (conversation: number) =>
  queryOptions({
    queryKey: ['mentionable', conversation] as const,
    queryFn: () => ask(api.GET('/api/conversations/{conversation_id}/mentionable', { params: { path: { conversation_id: conversation } } })),
    staleTime: 60_000,
  })

export interface Piece { text: string; mention?: Mention }

type Named = Pick<Mentionable, 'kind' | 'id' | 'name'>

const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter)

/** The text in pieces, those that call somebody apart. The longest name wins: "@Chloé Martin" is not a "Chloé". */
export function mentionPieces(text: string, people: readonly Named[]): Piece[] {
  const byLength = [...people].filter(({ name }) => name).sort((a, b) => b.name.length - a.name.length)
  const pieces: Piece[] = []
  let plain = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (isWord(text[at - 1])) continue
    const found = byLength.find(({ name }) => text.startsWith(name, at + 1) && !isWord(text[at + 1 + name.length]))
    if (!found) continue
    if (at > plain) pieces.push({ text: text.slice(plain, at) })
    plain = at + 1 + found.name.length
    pieces.push({ text: text.slice(at, plain), mention: { kind: found.kind, id: found.id, name: found.name } })
  }
  if (plain < text.length) pieces.push({ text: text.slice(plain) })
  return pieces
}

export function mentionsIn(text: string, people: readonly Named[]): { kind: Mention['kind']; id: number }[] {
  const called = mentionPieces(text, people).flatMap(({ mention }) => (mention ? [mention] : []))
  return [...new Map(called.map(({ kind, id }) => [`${kind}${id}`, { kind, id }])).values()]
}

/** What is typed after an @, right before the caret; undefined where nothing is. */
export function typedName(before: string): string | undefined {
  return /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u.exec(before)?.[1]
}

const plain = (words: string) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Those of that name first by its beginning, then by the beginning of any of its words. */
export function matching(people: readonly Mentionable[], typed: string): Mentionable[] {
  const wanted = plain(typed)
  const rank = ({ name }: Mentionable) => (plain(name).startsWith(wanted) ? 0 : plain(name).split(/[\s-]+/).some((word) => word.startsWith(wanted)) ? 1 : 2)
  return people.filter((one) => rank(one) < 2).sort((a, b) => Number(b.has_access) - Number(a.has_access) || rank(a) - rank(b) || a.name.localeCompare(b.name))
}
