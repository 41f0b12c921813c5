// How high the composer stands while nothing is written in it: the place that a thread keeps for it until it comes.
import { onScopeDispose, watch, type ShallowRef } from 'vue'

const heights = new Map([['email', 234], ['whatsapp', 190]])

export const usualHeight = (channelKind: string): number => heights.get(channelKind) ?? 190

export function useUsualHeight(channelKind: string, element: Readonly<ShallowRef<HTMLElement | null>>, isBlank: () => boolean): void {
  const observer = new ResizeObserver(([entry]) => {
    const height = entry?.borderBoxSize[0]?.blockSize
    if (height && isBlank()) heights.set(channelKind, height)
  })
  watch(element, (form) => { if (form) observer.observe(form) }, { flush: 'post' })
  onScopeDispose(() => observer.disconnect())
}
