// One order for what came, what was written, what was done and what is still on its way; with a line between days.
import type { Activity, Message } from '@/api/types'

export type Item =
  | { kind: 'day'; key: string; at: Date }
  | { kind: 'message'; key: string; message: Message; isPending: boolean; isWaiting: boolean; continues: boolean }
  | { kind: 'activity'; key: string; activity: Activity }
  | { kind: 'fold'; key: string; activities: Activity[] }

export interface Pending { message: Message; isWaiting: boolean }

/** Messages keep the order the server gave them; activities slip in between by their time. */
export function timeline(messages: readonly Message[], activities: readonly Activity[], pending: readonly Pending[], isSameDay: (a: Date, b: Date) => boolean): Item[] {
  const items: Item[] = []
  const queue = [...activities]
  let day: Date | undefined

  const push = (at: Date, item: Item) => {
    if (item.kind === 'message') item.continues = follows(items.at(-1), item.message)
    if (!day || !isSameDay(day, at)) items.push({ kind: 'day', key: `d${item.key}`, at })
    day = at
    items.push(item)
  }
  const pushActivitiesUntil = (moment: number) => {
    while (queue[0] && Date.parse(queue[0].at) < moment) {
      const activity = queue.shift()!
      push(new Date(activity.at), { kind: 'activity', key: `a${activity.id}`, activity })
    }
  }

  for (const message of messages) {
    pushActivitiesUntil(Date.parse(message.at))
    // The same key before and after the server has it: the bubble stays, only its clock changes.
    push(new Date(message.at), { kind: 'message', key: message.client_id ?? `m${message.id}`, message, isPending: false, isWaiting: false, continues: false })
  }
  pushActivitiesUntil(Infinity)
  for (const { message, isWaiting } of pending) {
    push(new Date(message.at), { kind: 'message', key: message.client_id ?? `m${message.id}`, message, isPending: true, isWaiting, continues: false })
  }
  return fold(items)
}

const MANY = 4

/** Many things done in a row become one line, but for what can be undone from its line. The key is the first one's: the line stays, and counts, as more is done. */
function fold(items: readonly Item[]): Item[] {
  const folded: Item[] = []
  let run: Item[] = []
  const end = () => {
    const activities = run.flatMap((item) => (item.kind === 'activity' ? [item.activity] : []))
    if (activities.length < MANY) folded.push(...run)
    else folded.push({ kind: 'fold', key: `f${activities[0]!.id}`, activities })
    run = []
  }
  for (const item of items) {
    if (item.kind === 'activity' && item.activity.data['can_undo'] !== true) run.push(item)
    else {
      end()
      folded.push(item)
    }
  }
  end()
  return folded
}

const TOGETHER = 5 * 60_000

/** Said by the same one, within minutes, with nothing between: drawn as one breath. */
function follows(before: Item | undefined, message: Message): boolean {
  if (before?.kind !== 'message') return false
  const last = before.message
  return last.kind === message.kind && last.member_id === message.member_id && last.via === message.via && Date.parse(message.at) - Date.parse(last.at) < TOGETHER
}
