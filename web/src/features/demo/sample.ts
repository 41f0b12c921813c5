// Bring the sample data in, or take it away. Both change everything that this browser knows.
import { useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import { enter } from '@/api/start'

export function useSample() {
  const client = useQueryClient()
  async function everythingChanged() {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'start' && query.getObserversCount() === 0 })
    await enter(client)
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'start' && query.queryKey[0] !== 'readings' })
  }
  return {
    async bring() {
      await ask(api.POST('/api/demo'))
      await everythingChanged()
    },
    async remove() {
      await ask(api.DELETE('/api/demo'))
      await everythingChanged()
    },
    /** How much is there already, while it is being brought in. */
    count: async (): Promise<number> => (await ask(api.GET('/api/conversations/counts', { params: { query: { status: ['any'] } } }))).all,
  }
}
