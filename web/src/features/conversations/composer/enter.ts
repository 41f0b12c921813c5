// What Enter does in the composer. Shift+Enter is always a line; Ctrl/⌘+Enter always sends; alone, it is as the member likes it.
export type EnterMeans = 'send' | 'sendAndResolve' | 'newline' | undefined

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'>

export function meaningOfEnter(event: Pressed, enterSends: boolean): EnterMeans {
  if (event.key !== 'Enter' || event.altKey) return undefined
  // The Enter that accepts a word of an input method is not ours (Safari: keyCode 229 after the composition ended).
  if (event.isComposing || event.keyCode === 229) return undefined
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? 'sendAndResolve' : 'send'
  if (event.shiftKey) return 'newline'
  return enterSends ? 'send' : 'newline'
}
