// Names of people as they are shown: "Léa Morel", else the address.
import type { Person } from '@/api/types'

export const nameOf = (person: Person): string => person.name || person.address
export const fullOf = (person: Person): string => (person.name ? `${person.name} <${person.address}>` : person.address)
/** Of a conversation: by its name, else by the number or the address. */
export const whoOf = (row: { contact_name: string; contact_address: string }): string => row.contact_name || phoneOf(row.contact_address)
/** A number as it is kept, with or without its plus, as people read it: +33 6 98 76 54 32. What is no number stays as it is. */
export function phoneOf(kept: string): string {
  const digits = /^\+?(\d{7,15})$/.exec(kept)?.[1]
  if (!digits) return kept
  const french = /^33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits)
  return french ? `+33 ${french.slice(1).join(' ')}` : `+${digits}`
}
