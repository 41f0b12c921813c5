// One act on what is chosen: asked of the server, which does it a handful at a time and tells through the stream how far it is.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import { Refused } from '@/api/problems'
import type { components } from '@/api/schema'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { selection } from '../list/selection'
import { usePlace } from '../place'
import { kept } from '../views/views'

type Schemas = components['schemas']
export type Bulk = Schemas['BulkView']
export type Act = Schemas['NewBulk']['act']

const MOST = 1000 // by name; "all that match" has no such end
const bulksQuery = { queryKey: ['bulks'] as const, queryFn: () => ask(api.GET('/api/bulks')), staleTime: Infinity }
/** Those begun on this screen, until they are put away. */
const followed = shallowRef<ReadonlySet<number>>(new Set())

export function useBulks() {
  const { t } = useI18n()
  const client = useQueryClient()
  const place = usePlace()
  const { data } = useQuery({ ...bulksQuery, shallow: true })
  const isMoving = (bulk: Bulk) => bulk.phase !== 'done' && bulk.phase !== 'undone'
  const current = computed(() => data.value?.find((bulk) => followed.value.has(bulk.id) || isMoving(bulk)))

  async function run<T>(send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await send()
    } catch (error) {
      toast(t('conversations.failed', { reason: error instanceof Refused ? error.message : t('conversations.offline') }), { tone: 'danger' })
      return undefined
    }
  }

  async function begin(act: Act) {
    const body = selection.isAll.value ? { act, filter: kept(place.filter.value) } : { act, ids: [...selection.chosen.value].slice(0, MOST) }
    const bulk = await run(() => ask(api.POST('/api/bulks', { body: body as Schemas['NewBulk'] })))
    if (!bulk) return
    followed.value = new Set([bulk.id])
    client.setQueryData<Bulk[]>(bulksQuery.queryKey, (before) => [bulk, ...(before ?? [])])
    selection.clear()
    // What the stream told before the answer came.
    void client.invalidateQueries({ queryKey: bulksQuery.queryKey })
  }

  async function undo(bulk: Bulk) {
    followed.value = new Set([bulk.id])
    await run(() => ask(api.DELETE('/api/bulks/{bulk_id}', { params: { path: { bulk_id: bulk.id } } })))
    void client.invalidateQueries({ queryKey: bulksQuery.queryKey })
  }

  return { current, isMoving, begin, undo, putAway: () => { followed.value = new Set() } }
}
