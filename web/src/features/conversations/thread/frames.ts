import { onScopeDispose } from 'vue'

/** Once the frame that is being made is on the screen; never, where the component has gone by then. */
export function afterFrame(work: () => void, delay = 16): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => { timer = setTimeout(work, delay) })
  onScopeDispose(() => { cancelAnimationFrame(frame); clearTimeout(timer) })
}
