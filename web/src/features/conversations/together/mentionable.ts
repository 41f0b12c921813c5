// Whom a note in a conversation can call, asked once in a while.
import { queryOptions } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'

export const mentionableQuery = (conversation: number) =>
  queryOptions({
    queryKey: ['mentionable', conversation] as const,
    queryFn: () => ask(api.GET('/api/conversations/{conversation_id}/mentionable', { params: { path: { conversation_id: conversation } } })),
    staleTime: 60_000,
  })
