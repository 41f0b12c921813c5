// Names of people as they are shown: "Léa Morel", else the address.
import type { Person } from '@/api/types'

export const nameOf = (person: Person): string => person.name || person.address
export const fullOf = (person: Person): string => (person.name ? `${person.name} <${person.address}>` : person.address)
