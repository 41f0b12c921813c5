// What may be a slip, told before a mail leaves: somebody from elsewhere who was never part of this, a file that was announced and
// is not there. Said once; sending again sends.
import type { Message, Person } from '@/api/types'

const ANNOUNCES = /\b(ci[\s-]?jointe?s?|pi[èe]ces?[\s-]jointes?|en\s+pj|vous\s+joins?|en\s+annexe|attached|attachments?|attaching|enclosed)(?![\p{L}-])/iu

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

export function strangers(people: readonly Person[], known: ReadonlySet<string>): string[] {
  return [...new Set(people.map((person) => domainOf(person.address)).filter((domain) => !known.has(domain)))]
}

export const announcesFile = (text: string): boolean => ANNOUNCES.test(text)

/** The domains of everybody who wrote or was written to, and of our own people. */
export function knownDomains(messages: readonly Message[], others: readonly string[]): Set<string> {
  const addresses = messages.flatMap(({ sender, to, cc, bcc, kind }) => (kind === 'note' ? [] : [sender, ...to, ...cc, ...bcc].map((person) => person.address)))
  return new Set([...addresses, ...others].filter(Boolean).map(domainOf))
}
