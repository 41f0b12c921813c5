// The list never moves under the hand: while a pointer or a key moves through it, and a second longer, rows keep their places
// and arrivals gather.
import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'
import type { Row } from '@/api/types'

const IDLE = 1000

export function useCalm(live: ComputedRef<Row[]>): { rows: ComputedRef<Row[]>; arrivals: ComputedRef<number>; hold: () => void; release: () => void } {
  /** What was shown when the hand came. */
  const held = shallowRef<Row[] | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function hold() {
    clearTimeout(timer)
    timer = setTimeout(release, IDLE)
    held.value ??= live.value
  }

  function release() {
    clearTimeout(timer)
    held.value = null
  }

  // A list may be long: as long as nothing came, it is the very same one.
  const isSame = () => !held.value || held.value === live.value
  const order = computed(() => new Map(held.value?.map((row) => [row.id, row.last_at]))) // id -> last_at, in the order they had
  const rows = computed(() => {
    if (isSame()) return live.value
    const byId = new Map(live.value.map((row) => [row.id, row]))
    const kept = [...order.value.keys()].map((id) => byId.get(id)).filter((row): row is Row => row !== undefined)
    // Pages loaded by scrolling come below, as they must.
    const last = kept.at(-1)
    const below = last ? live.value.slice(live.value.indexOf(last) + 1).filter((row) => !order.value.has(row.id)) : live.value
    return [...kept, ...below]
  })
  const arrivals = computed(() => {
    if (isSame()) return 0
    const shown = new Set(rows.value.map((row) => row.id))
    return live.value.filter((row) => !shown.has(row.id) || (order.value.has(row.id) && order.value.get(row.id)! < row.last_at)).length
  })

  onScopeDispose(() => clearTimeout(timer))
  return { rows, arrivals, hold, release }
}
