// A mail's frame costs more to take away than all the rest of its thread: a whole document ends with it. So it is put out of sight
// with its thread, and ends once what comes in its place is drawn.
const REST = 250

/** Where the browser cannot move a frame alive, it ends with its thread. */
export function leaveLater(frame: HTMLIFrameElement): void {
  if (!frame.isConnected || !('moveBefore' in document.body)) return
  const attic = document.createElement('div')
  attic.hidden = true
  document.body.append(attic)
  ;(attic as unknown as { moveBefore: (node: Node, before: Node | null) => void }).moveBefore(frame, null)
  setTimeout(() => attic.remove(), REST)
}
