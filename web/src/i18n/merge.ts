// ./conversations.json -> { conversations: … }
export type Messages = Record<string, object>

export function merge(files: Record<string, { default: object }>): Messages {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path.replace(/^.*\/|\.json$/g, ''), file.default]))
}
