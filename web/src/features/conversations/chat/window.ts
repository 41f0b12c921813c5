// The 24 hours in which a customer of WhatsApp can be answered freely: open, soon to close, closed. Ticks while it is shown.
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import type { Row } from '@/api/types'

export type WindowState = 'none' | 'open' | 'soon' | 'closed' | 'never'
export interface Left { hours: number; minutes: number }

const SOON = 2 * 3600_000

export function stateOf(row: Pick<Row, 'channel_kind' | 'window_until'>, now: number): WindowState {
  if (row.channel_kind !== 'whatsapp') return 'none'
  if (!row.window_until) return 'never'
  const left = Date.parse(row.window_until) - now
  return left <= 0 ? 'closed' : left < SOON ? 'soon' : 'open'
}

/** Rounded up to whole minutes: "0 min" would be closed. */
export function leftOf(until: string, now: number): Left {
  const minutes = Math.max(0, Math.ceil((Date.parse(until) - now) / 60_000))
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}

const now = ref(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

export interface ChatWindow { state: ComputedRef<WindowState>; left: ComputedRef<Left>; isShut: ComputedRef<boolean> }

export function useWindow(row: () => Row): ChatWindow {
  if (watchers++ === 0) {
    now.value = Date.now()
    timer = setInterval(() => { now.value = Date.now() }, 1000)
  }
  onScopeDispose(() => { if (--watchers === 0) clearInterval(timer) })
  const state = computed(() => stateOf(row(), now.value))
  return {
    state,
    left: computed(() => leftOf(row().window_until ?? '', now.value)),
    isShut: computed(() => state.value === 'closed' || state.value === 'never'),
  }
}
