// ./shell.json -> { shell: … }, ./conversations.thread.json -> { conversations: { thread: … } }
export type Messages = Record<string, object>

export function merge(files: Record<string, { default: object }>): Messages {
  const messages: Record<string, Record<string, unknown>> = {}
  for (const [path, file] of Object.entries(files)) {
    const [room = '', part] = path.replace(/^.*\/|\.json$/g, '').split('.')
    messages[room] = { ...messages[room], ...(part ? { [part]: file.default } : file.default) }
  }
  return messages
}
