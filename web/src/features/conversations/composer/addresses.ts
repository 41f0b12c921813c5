// Reads e-mail addresses as people type or paste them: "Léa Morel <lea@garage.fr>, sav@…".
import type { Person } from '@/api/types'

const ADDRESS = /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/

export const isAddress = (text: string): boolean => ADDRESS.test(text)

export function readAddresses(typed: string): { people: Person[]; left: string } {
  const people: Person[] = []
  const left: string[] = []
  for (const part of typed.split(/[,;\n]+/).map((one) => one.trim()).filter(Boolean)) {
    const named = /^"?([^"<]*)"?\s*<([^>]+)>$/.exec(part)
    const address = (named?.[2] ?? part).trim().toLowerCase()
    if (isAddress(address)) people.push({ address, name: named?.[1]?.trim() ?? '' })
    else left.push(...splitSpaces(part, people))
  }
  return { people, left: left.join(', ') }
}

/** A pasted column of addresses separated by spaces. */
function splitSpaces(part: string, people: Person[]): string[] {
  const words = part.split(/\s+/)
  if (words.length < 2 || !words.every(isAddress)) return [part]
  people.push(...words.map((word) => ({ address: word.toLowerCase(), name: '' })))
  return []
}

export function withPeople(before: readonly Person[], added: readonly Person[]): Person[] {
  const seen = new Set(before.map((person) => person.address))
  return [...before, ...added.filter((person) => !seen.has(person.address) && seen.add(person.address))]
}
