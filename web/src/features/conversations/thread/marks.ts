// In the message that a search led to, what was looked for is marked, for as long as it is shown.
import { computed, onBeforeUnmount, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type Ref } from 'vue'
import { found } from '../search/found'

type Marks = readonly string[] | undefined

/** What was looked for, if it was found in this message. */
export const useFound = (id: () => number): ComputedRef<Marks> => computed(() => (found.value?.message === id() ? found.value.marks : undefined))

/** `missed`: none of it is in the text that is shown. Returns what marks it again, in another text. */
export function useMarks(root: Readonly<Ref<HTMLElement | null>>, marks: MaybeRefOrGetter<Marks>, missed?: () => void): () => Promise<void> {
  async function show() {
    const wanted = toValue(marks)
    if (!wanted?.length || !root.value) return
    const { mark } = await import('./marking')
    if (root.value && !mark(root.value, wanted)) missed?.()
  }
  watch([() => toValue(marks), root], () => void show(), { flush: 'post', immediate: true })
  onBeforeUnmount(() => { if (toValue(marks)?.length) void import('./marking').then(({ unmark }) => { unmark() }) })
  return show
}
