// The way back from the last thing done: one gesture, or the button of its toast.
import { shallowRef } from 'vue'
import { i18n } from '@/i18n'
import { toast } from '@/ui/toasts'

export type Undo = () => Promise<unknown>
const lastUndo = shallowRef<Undo>()

/** Runs the inverse of the last act, once. */
export function undoLast(): void {
  const undo = lastUndo.value
  lastUndo.value = undefined
  void undo?.()
}

/** Returns what withdraws the offer, when there is nothing to undo after all. */
export function offerUndo(words: string, undo: Undo, ms?: number): () => void {
  lastUndo.value = undo
  const dismiss = toast(words, { act: { words: i18n.global.t('shell.undo'), run: undoLast }, ...(ms ? { ms } : {}) })
  return () => {
    dismiss()
    if (lastUndo.value === undo) lastUndo.value = undefined
  }
}
