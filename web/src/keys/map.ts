// Every key of the product, once. Handlers, the palette, the help sheet and the printed hints all read this table.
// Keys are matched on what is printed on them (`event.key`), never with Alt, never Ctrl+Alt (that is AltGr: it types € on AZERTY).
export type Group = 'go' | 'list' | 'thread' | 'write' | 'view'

export interface Key {
  /** One gesture, or several that do the same. "Mod" is Ctrl, ⌘ on a Mac. "g m" is one key after the other. */
  keys: readonly string[]
  group: Group
  /** Also acts while typing in a field. */
  inFields?: true
  /** Handled by the component that has the focus; listed here so that it is named and never taken twice. */
  local?: true
}

export const KEYS = {
  'panel.toggle': { keys: ['Mod+Shift+L'], group: 'view', inFields: true },
  'palette.open': { keys: ['Mod+K'], group: 'view', inFields: true },
  'help.open': { keys: ['?'], group: 'view' },
  'region.next': { keys: ['F6'], group: 'view', inFields: true },
  'leave': { keys: ['Escape'], group: 'view', local: true },

  'go.mine': { keys: ['g m'], group: 'go' },
  'go.unassigned': { keys: ['g u'], group: 'go' },
  'go.all': { keys: ['g a'], group: 'go' },
  'go.dashboard': { keys: ['g d'], group: 'go' },
  'go.notifications': { keys: ['g n'], group: 'go' },
  'go.settings': { keys: ['g s'], group: 'go' },

  'list.next': { keys: ['j'], group: 'list' },
  'list.previous': { keys: ['k'], group: 'list' },
  'list.move': { keys: ['ArrowDown', 'ArrowUp'], group: 'list', local: true },
  'list.enter': { keys: ['Enter'], group: 'list', local: true },
  'list.search': { keys: ['/'], group: 'list' },
  'conversation.start': { keys: ['c'], group: 'list' },
  'list.filter': { keys: ['f'], group: 'list' },
  'list.choose': { keys: ['x'], group: 'list' },
  'list.chooseDown': { keys: ['Shift+J'], group: 'list' },
  'list.chooseUp': { keys: ['Shift+K'], group: 'list' },
  'list.chooseMove': { keys: ['Shift+ArrowDown', 'Shift+ArrowUp'], group: 'list', local: true },
  'list.chooseAll': { keys: ['Mod+A'], group: 'list', local: true },

  'thread.page': { keys: ['PageDown', 'PageUp'], group: 'thread', local: true },
  'thread.ends': { keys: ['Mod+Home', 'Mod+End'], group: 'thread', local: true },
  'conversation.assign': { keys: ['a'], group: 'thread' },
  'conversation.take': { keys: ['i'], group: 'thread' },
  'conversation.resolve': { keys: ['e'], group: 'thread' },
  'conversation.snooze': { keys: ['h'], group: 'thread' },
  'conversation.pause': { keys: ['p'], group: 'thread' },
  'conversation.label': { keys: ['l'], group: 'thread' },
  'conversation.unread': { keys: ['u'], group: 'thread' },
  'conversation.mute': { keys: ['Shift+M'], group: 'thread' },
  'message.answer': { keys: ['Shift+R'], group: 'thread' },
  'conversation.priority': { keys: ['Shift+P'], group: 'thread' },
  'conversation.merge': { keys: ['m'], group: 'thread' },
  'conversation.spam': { keys: ['!'], group: 'thread' },
  'conversation.block': { keys: ['Shift+B'], group: 'thread' },
  'conversation.participants': { keys: ['Shift+W'], group: 'thread' },
  'conversation.follow': { keys: ['w'], group: 'thread' },
  'conversation.link': { keys: ['o'], group: 'thread' },
  'conversation.details': { keys: ['d'], group: 'thread' },
  'message.split': { keys: ['Shift+X'], group: 'thread' },
  'undo': { keys: ['z'], group: 'thread' },

  'write.reply': { keys: ['r'], group: 'write' },
  'write.note': { keys: ['n'], group: 'write' },
  'write.forward': { keys: ['Shift+F'], group: 'write' },
  'write.attach': { keys: ['Shift+A'], group: 'write' },
  'write.later': { keys: ['Shift+L'], group: 'write' },
  'template.open': { keys: ['t'], group: 'write' },
  'write.record': { keys: ['v'], group: 'write' },
  'write.send': { keys: ['Mod+Enter'], group: 'write', inFields: true, local: true },
  'write.sendAndResolve': { keys: ['Mod+Shift+Enter'], group: 'write', inFields: true, local: true },
  'write.newline': { keys: ['Shift+Enter'], group: 'write', inFields: true, local: true },
} as const satisfies Record<string, Key>

export type CommandId = keyof typeof KEYS

export const keyOf = (id: CommandId): Key => KEYS[id]

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** The gesture that this event is, written as in the table. */
export function gestureOf(event: KeyboardEvent): string {
  if (event.altKey || event.getModifierState?.('AltGraph')) return ''
  const key = event.key.length === 1 ? (/\p{L}/u.test(event.key) && (event.ctrlKey || event.metaKey || event.shiftKey) ? event.key.toUpperCase() : event.key) : event.key
  const isSymbol = event.key.length === 1 && !/[\p{L}\p{N}]/u.test(event.key)
  const mod = (isMac ? event.metaKey : event.ctrlKey) ? 'Mod+' : ''
  if (isMac ? event.ctrlKey : event.metaKey) return ''
  // "?" is typed with Shift on most keyboards: what counts is the "?".
  const shift = event.shiftKey && !isSymbol ? 'Shift+' : ''
  return `${mod}${shift}${key}`
}

interface Words { ctrl: string; shift: string; enter: string; escape: string; home: string; end: string; then: string }
const ARROWS: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', PageDown: 'Page ↓', PageUp: 'Page ↑' }

/** How a gesture is printed: Ctrl+Entrée, ⌘K, g puis m. */
export function printed(gesture: string, words: Words): string {
  const steps = gesture.split(' ').map((step) =>
    step
      .split('+')
      .map((part) => ({ Mod: isMac ? '⌘' : words.ctrl, Shift: isMac ? '⇧' : words.shift, Enter: words.enter, Escape: words.escape, Home: words.home, End: words.end, ...ARROWS })[part] ?? part)
      .join(isMac ? '' : '+'),
  )
  return steps.join(` ${words.then} `)
}
