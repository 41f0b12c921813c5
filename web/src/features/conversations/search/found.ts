// The message that a search led to, and the words that were looked for: they are marked in it until one goes elsewhere.
import { shallowRef } from 'vue'

export interface Found { message: number; marks: readonly string[] }
export const found = shallowRef<Found | null>(null)
