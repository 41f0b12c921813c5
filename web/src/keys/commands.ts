// What a member can do now. A component offers commands while it lives; buttons, keys and the palette run the same object.
import { computed, nextTick, onScopeDispose, shallowReactive } from 'vue'
import { gestureOf, keyOf, KEYS, type CommandId } from './map'

export interface Command {
  id: CommandId
  run: () => void
  /** Absent means always. */
  can?: () => boolean
}

const offered = shallowReactive(new Map<CommandId, Command[]>())

/** The newest offer wins (a dialog's over the page's); the older one comes back when it leaves. */
export function useCommands(commands: Command[]): void {
  for (const command of commands) offered.set(command.id, [...(offered.get(command.id) ?? []), command])
  if (commands.some((command) => command.id === early?.id)) void nextTick(runEarly)
  onScopeDispose(() => {
    for (const command of commands) offered.set(command.id, (offered.get(command.id) ?? []).filter((one) => one !== command))
  })
}

// A key pressed before the part that answers it has loaded is not lost: it waits for that part, unless the person goes on to something else.
const EARLY_MS = 5000
let early: { id: CommandId; at: number } | undefined
const forget = () => { early = undefined }

function runEarly() {
  const waiting = early
  forget()
  if (waiting && performance.now() - waiting.at < EARLY_MS) run(waiting.id)
}

export const commandOf = (id: CommandId): Command | undefined => {
  const command = offered.get(id)?.at(-1)
  return command && (command.can?.() ?? true) ? command : undefined
}

export function run(id: CommandId): boolean {
  const command = commandOf(id)
  command?.run()
  return command !== undefined
}

export const available = computed(() => (Object.keys(KEYS) as CommandId[]).map(commandOf).filter((one): one is Command => one !== undefined))

const BY_GESTURE = new Map<string, CommandId>(
  (Object.keys(KEYS) as CommandId[]).filter((id) => !keyOf(id).local).flatMap((id) => keyOf(id).keys.map((gesture) => [gesture, id] as const)),
)
const PREFIXES = new Set([...BY_GESTURE.keys()].filter((gesture) => gesture.includes(' ')).map((gesture) => gesture.split(' ')[0]))
const SEQUENCE_MS = 1000

const isField = (element: Element | null) =>
  element instanceof HTMLElement && (element.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|button)$/.test((element as HTMLInputElement).type)))

export interface Listening {
  /** Are single letters wanted (a member's preference)? */
  letters: () => boolean
  /** Is this element inside the region where single keys act? */
  isWithin: (element: Element) => boolean
}

/** Listens on the window; returns what stops it. */
export function listen({ letters, isWithin }: Listening): () => void {
  let first: { key: string; at: number } | undefined

  function commandFor(gesture: string, now: number): CommandId | undefined {
    if (first && now - first.at < SEQUENCE_MS) {
      const id = BY_GESTURE.get(`${first.key} ${gesture}`)
      first = undefined
      if (id) return id
    }
    if (PREFIXES.has(gesture)) first = { key: gesture, at: now }
    return BY_GESTURE.get(gesture)
  }

  function onKey(event: KeyboardEvent) {
    forget()
    if (event.defaultPrevented || event.isComposing || event.repeat && event.key === 'Escape') return
    const gesture = gestureOf(event)
    const target = event.target instanceof Element ? event.target : document.body
    const isPlain = gesture !== '' && !gesture.startsWith('Mod+') && !/^F\d/.test(gesture)
    if (!gesture || (isPlain && (isField(target) || !isWithin(target) || target.closest('dialog[open], [popover]:popover-open')))) return
    if (isPlain && /^(Shift\+)?\p{L}$/u.test(gesture) && !letters()) return
    const id = commandFor(gesture, event.timeStamp)
    if (!id || (isField(target) && !keyOf(id).inFields)) return
    if (!offered.get(id)?.length) early = { id, at: performance.now() }
    if (run(id) || early) event.preventDefault()
  }

  window.addEventListener('keydown', onKey)
  window.addEventListener('pointerdown', forget, true)
  return () => {
    window.removeEventListener('keydown', onKey)
    window.removeEventListener('pointerdown', forget, true)
  }
}
