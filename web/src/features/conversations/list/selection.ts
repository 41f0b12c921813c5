// Which conversations are chosen, for one act on all of them. One selection for the list on screen; another list begins anew.
import { computed, shallowRef } from 'vue'

const chosen = shallowRef<ReadonlySet<number>>(new Set())
/** Everything that the filter lets through, loaded or not. */
const isAll = shallowRef(false)
/** Boxes are shown on every row, where no pointer hovers. */
const isChoosing = shallowRef(false)
let anchor: number | null = null

function put(ids: Iterable<number>) {
  isAll.value = false
  chosen.value = new Set(ids)
}

function toggle(id: number) {
  const next = new Set(chosen.value)
  if (!next.delete(id)) next.add(id)
  anchor = id
  put(next)
}

/** From the last one chosen, or `from`, to this one, in the order of the list. */
function extend(order: readonly number[], to: number, from: number | null = anchor) {
  const [a, b] = [order.indexOf(from ?? to), order.indexOf(to)].sort((x, y) => x - y) as [number, number]
  put([...chosen.value, ...order.slice(Math.max(0, a), b + 1)])
  anchor ??= from
}

function clear() {
  anchor = null
  isChoosing.value = false
  put([])
}

export const selection = {
  chosen, isAll, isChoosing, put, toggle, extend, clear,
  count: computed(() => chosen.value.size),
  isOn: computed(() => isChoosing.value || chosen.value.size > 0),
}
