// Short messages that leave by themselves. `act` offers one way back ("Undo") while the toast is there.
import { shallowReactive } from 'vue'

export interface Toast {
  id: number
  words: string
  tone: 'plain' | 'danger'
  act?: { words: string; run: () => void } | undefined
}

export const toasts = shallowReactive<Toast[]>([])
let last = 0

/** Returns what takes it away before its time. */
export function toast(words: string, options: { tone?: Toast['tone']; act?: Toast['act']; ms?: number } = {}): () => void {
  const id = ++last
  if (toasts.length > 2) toasts.shift()
  toasts.push({ id, words, tone: options.tone ?? 'plain', act: options.act })
  const leave = () => dismiss(id)
  setTimeout(leave, options.ms ?? 6000)
  return leave
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id)
  if (index >= 0) toasts.splice(index, 1)
}
