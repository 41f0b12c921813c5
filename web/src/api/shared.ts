// One observer of an answer for the whole page, however many parts read it: an observer costs more than a row of the list.
import { useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { effectScope } from 'vue'

export function shared<T>(make: (client: QueryClient) => T): () => T {
  const made = new WeakMap<QueryClient, T>()
  return () => {
    const client = useQueryClient()
    // Detached: it outlives the part that asked first.
    if (!made.has(client)) made.set(client, effectScope(true).run(() => make(client))!)
    return made.get(client)!
  }
}
