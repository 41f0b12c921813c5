import { onScopeDispose } from 'vue'

const FRAME = 16

/** Once the frame that is being made is on the screen; never, where the component has gone by then. */
export function afterFrame(work: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => { timer = setTimeout(work, FRAME) })
  onScopeDispose(() => { cancelAnimationFrame(frame); clearTimeout(timer) })
}
