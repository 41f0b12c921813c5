// Every act has a key, a button and a line in the palette, and is on the sheet: read from the sources, so that one that is added is held to it.
import { expect, test } from 'vitest'
import keySheet from '@/features/palette/KeySheet.vue?raw'
import { keyOf, KEYS, type CommandId } from '@/keys/map'
import en from '@/i18n/en/keys.json'
import fr from '@/i18n/fr/keys.json'

const sources = import.meta.glob<string>(['../../src/**/*.vue', '../../src/features/**/*.ts'], { query: '?raw', import: 'default', eager: true })
const all = Object.entries(sources)
const ids = Object.keys(KEYS) as CommandId[]
const says = (words: string) => all.some(([, text]) => text.includes(words))

// Moves of the focus, within what has it: nothing that a button or a palette, which take the focus away, could do.
const MOVES: CommandId[] = ['leave', 'region.next', 'list.move', 'list.enter', 'list.chooseMove', 'thread.page', 'thread.ends', 'write.newline']
// On screen as what it is, without its key: where, and what is there.
const SHOWN: Partial<Record<CommandId, [file: string, words: string]>> = {
  'go.mine': ['list/ListPane.vue', '<UiTabs'],
  'go.unassigned': ['list/ListPane.vue', '<UiTabs'],
  'go.all': ['list/ListPane.vue', '<UiTabs'],
  'go.dashboard': ['shell/TopBar.vue', 'rooms.dashboard'],
  'list.next': ['list/ConversationItem.vue', '@click="onClick"'],
  'list.previous': ['list/ConversationItem.vue', '@click="onClick"'],
  'list.choose': ['list/ConversationItem.vue', 'type="checkbox"'],
  'list.chooseDown': ['list/ConversationItem.vue', 'type="checkbox"'],
  'list.chooseUp': ['list/ConversationItem.vue', 'type="checkbox"'],
  'list.chooseAll': ['bulk/BulkBar.vue', 'conversations.bulk.page'],
  'conversation.take': ['actions/AssignMenu.vue', 'conversations.assign.me'],
  'conversation.follow': ['handling/HandlingPills.vue', 'conversations.handling.participants.follow'],
  'write.send': ['composer/SendButton.vue', ':keys="sendKey"'],
  'undo': ['actions/undoing.ts', 'shell.undo'],
}

test('each is on the sheet, in words, in both languages', () => {
  const groups = new Set(ids.map((id) => KEYS[id].group))
  for (const group of groups) expect(keySheet).toMatch(new RegExp(`GROUPS: Group\\[\\] = \\[.*'${group}'`))
  for (const words of [fr, en]) for (const id of ids) expect(words.commands, id).toHaveProperty(id.replace('.', '_'))
})

test.each(ids.filter((id) => !MOVES.includes(id)))('%s has a line in the palette and a button', (id) => {
  expect(says(`id: '${id}'`), 'offered: the palette has what is offered').toBe(true)
  const shown = SHOWN[id]
  if (shown) expect(all.find(([file]) => file.endsWith(shown[0]))?.[1], shown[0]).toContain(shown[1])
  else expect(says(`hint('${id}'`) || says(`gestures('${id}'`) || says(`run('${id}'`), 'a button that says its key').toBe(true)
})

test('a key that only its field handles is still no secret', () => {
  expect(ids.filter((id) => keyOf(id).local && !MOVES.includes(id))).toEqual(['list.chooseAll', 'write.send', 'write.sendAndResolve'])
})
