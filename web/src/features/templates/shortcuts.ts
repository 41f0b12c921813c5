// What is being typed after a slash, when the words end with one: "/" itself counts only where nothing else is written.
export function shortcutAtEnd(text: string): string | undefined {
  const typed = /(?:^|\s)\/([^\s/]*)$/.exec(text)?.[1]
  if (typed === '' && text.trim() !== '/') return undefined
  return typed
}
