// What the phones show, asked again every so often: the emulated world has no stream of its own.
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/vue-query'
import { api, ask, csrf, refused } from '@/api/client'
import { Unreachable } from '@/api/problems'
import type { components } from '@/api/schema'
import { language } from '@/i18n'
import { toast } from '@/ui/toasts'

type Schemas = components['schemas']
export type Book = Schemas['PhoneBook']
export type Person = Schemas['PhonePerson']
export type Chat = Schemas['PhoneChat']
export type ChatLine = Schemas['PhoneChatLine']
export type Bubble = Schemas['PhoneMessage']
export type MailThread = Schemas['PhoneMailThread']
export type Sample = NonNullable<Schemas['NewPhoneMessage']['sample']>

const EVERY = 1500
const polled = { refetchInterval: EVERY, staleTime: 0, gcTime: 60_000, placeholderData: keepPreviousData } as const

export const bookQuery = queryOptions({ queryKey: ['phone'] as const, queryFn: ({ signal }) => ask(api.GET('/api/demo/phone', { signal })), ...polled })

export const chatQuery = (key: string, channel: number) =>
  queryOptions({
    queryKey: ['phone', key, channel] as const,
    queryFn: ({ signal }) => ask(api.GET('/api/demo/phone/{key}/chats/{channel_id}', { params: { path: { key, channel_id: channel } }, signal })),
    ...polled,
    placeholderData: undefined,
  })

export const mailsQuery = (key: string) =>
  queryOptions({
    queryKey: ['phone', key, 'mails'] as const,
    queryFn: ({ signal }) => ask(api.GET('/api/demo/phone/{key}/mails', { params: { path: { key } }, signal })),
    ...polled,
    placeholderData: undefined,
  })

/** What is done on the phone; each shows at once. */
export function usePhone() {
  const client = useQueryClient()
  async function act(doing: () => Promise<unknown>): Promise<boolean> {
    try {
      await doing()
      return true
    } catch (error) {
      toast((error as Error).message, { tone: 'danger' })
      return false
    } finally {
      void client.invalidateQueries({ queryKey: ['phone'] })
    }
  }
  const path = (key: string, channel: number) => ({ path: { key, channel_id: channel } })
  const about = (key: string, channel: number, id: string) => ({ path: { key, channel_id: channel, id } })
  return {
    say: (key: string, channel: number, words: { text?: string; sample?: Sample; quoted_id?: string }) =>
      act(() => ask(api.POST('/api/demo/phone/{key}/chats/{channel_id}/messages', { params: path(key, channel), body: words }))),
    send: (key: string, channel: number, file: File, voice = false) => act(() => sendFile(`/api/demo/phone/${key}/chats/${channel}/files`, file, voice)),
    read: (key: string, channel: number) => act(() => ask(api.PUT('/api/demo/phone/{key}/chats/{channel_id}/reading', { params: path(key, channel) }))),
    react: (key: string, channel: number, id: string, emoji: string) =>
      act(() => ask(api.PUT('/api/demo/phone/{key}/chats/{channel_id}/messages/{id}/reaction', { params: about(key, channel, id), body: { emoji } }))),
    play: (key: string, channel: number, id: string) =>
      act(() => ask(api.PUT('/api/demo/phone/{key}/chats/{channel_id}/messages/{id}/playing', { params: about(key, channel, id) }))),
    press: (key: string, channel: number, id: string, title: string) =>
      act(() => ask(api.POST('/api/demo/phone/{key}/chats/{channel_id}/messages/{id}/press', { params: about(key, channel, id), body: { title } }))),
    turn: (hours: number) => act(() => ask(api.POST('/api/demo/phone/time', { body: { hours } }))),
    mail: (key: string, given: Schemas['NewPhoneMail']) => act(() => ask(api.POST('/api/demo/phone/{key}/mails', { params: { path: { key } }, body: given }))),
  }
}

async function sendFile(url: string, file: File, voice: boolean): Promise<void> {
  const form = new FormData()
  form.set('file', file, file.name)
  form.set('is_voice', String(voice))
  const headers = { 'x-csrftoken': csrf(), accept: 'application/json', 'accept-language': language() }
  const answer = await fetch(url, { method: 'POST', body: form, headers }).catch((error: unknown) => { throw new Unreachable(String(error)) })
  if (!answer.ok) throw refused(answer.status, await answer.json().catch(() => null))
}
