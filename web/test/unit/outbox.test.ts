import { beforeEach, expect, test, vi } from 'vitest'
import { createOutbox, uuid, type Sending } from '@/api/outbox'
import { Refused, Unreachable } from '@/api/problems'
import type { Message } from '@/api/types'
import { message } from './cast'

const words = (text: string, conversation_id = 1): Omit<Sending, 'at' | 'state'> => ({
  client_id: `${conversation_id}-${text}`, conversation_id, kind: 'note', body: { client_id: `${conversation_id}-${text}`, text }, files: [],
})
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

beforeEach(() => { localStorage.clear() })

test('one conversation is sent in order, another does not wait for it', async () => {
  const started: string[] = []
  const answers = new Map<string, () => void>()
  const outbox = createOutbox('t1', (item) => {
    started.push(item.client_id)
    return new Promise<Message>((resolve) => answers.set(item.client_id, () => resolve(message(1))))
  })
  outbox.add(words('first'))
  outbox.add(words('second'))
  outbox.add(words('other', 2))
  await settle()
  expect(started).toEqual(['1-first', '2-other'])
  answers.get('1-first')?.()
  await settle()
  expect(started).toEqual(['1-first', '2-other', '1-second'])
})

test('no network: it waits, survives the page, and leaves once when the network is back', async () => {
  const sent: string[] = []
  const cut = createOutbox('t2', () => Promise.reject(new Unreachable('cut')))
  cut.add(words('a'))
  cut.add(words('b'))
  await settle()
  expect(cut.items.value.map((item) => item.state)).toEqual(['waiting', 'waiting'])

  const later = createOutbox('t2', async (item) => { sent.push(item.client_id); return message(1) })
  await Promise.all([later.flush(), later.flush()])
  expect(sent).toEqual(['1-a', '1-b'])
  expect(later.items.value).toEqual([])
  expect(localStorage.getItem('t2')).toBe('[]')
})

test('a refusal keeps the words and the reason, lets the next one go, and can be tried again', async () => {
  const send = vi.fn(async (item: Sending) => {
    if (item.body.text === 'bad') throw new Refused(422, { detail: 'Adresse invalide.' })
    return message(1)
  })
  const outbox = createOutbox('t3', send)
  outbox.add(words('bad'))
  outbox.add(words('good'))
  await settle()
  expect(outbox.items.value).toMatchObject([{ state: 'refused', reason: 'Adresse invalide.', body: { text: 'bad' } }])
  outbox.retry('1-bad')
  await settle()
  expect(send).toHaveBeenCalledTimes(3)
  expect(outbox.remove('1-bad')?.body.text).toBe('bad')
  expect(outbox.items.value).toEqual([])
})

test('what was being sent when the page closed is sent again under the same id', () => {
  localStorage.setItem('t4', JSON.stringify([{ ...words('x'), at: '2026-11-18T09:00:00Z', state: 'sending' }]))
  expect(createOutbox('t4', () => new Promise(() => {})).items.value).toMatchObject([{ client_id: '1-x', state: 'waiting' }])
})

test('a message seen in the stream is confirmed', async () => {
  const outbox = createOutbox('t5', () => Promise.reject(new Unreachable('cut')))
  outbox.add(words('a'))
  await settle()
  outbox.confirm(['1-a', 'unknown'])
  expect(outbox.items.value).toEqual([])
})

test('ids are UUIDs', () => {
  expect(uuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(uuid()).not.toBe(uuid())
})
