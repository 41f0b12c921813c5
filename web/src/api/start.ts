// Who is here: the first thing the browser asks, and what their preferences make of the page.
import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useLanguage, useTimezone } from '@/i18n'
import { api, ask } from './client'
import { draftsOf } from './drafts'
import { shared } from './shared'
import type { ChangeMe, Me, Start } from './types'

export const startQuery = queryOptions({ queryKey: ['start'], queryFn: () => ask(api.GET('/api/start')), staleTime: Infinity })

export const useStart = shared((client) => useQuery({ ...startQuery, shallow: true }, client).data)

/** The signed-in member. Only under the shell, where there always is one. */
export const useMe = shared((client) => {
  const { data: start } = useQuery({ ...startQuery, shallow: true }, client)
  return computed(() => {
    const me = start.value?.me
    if (!me) throw new Error('useMe() outside the shell')
    return me
  })
})

export function applyTheme(theme: Me['preferences']['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  localStorage.setItem('theme', theme)
}

/** Puts the member in the cache and dresses the page as they like it. `null`: signed out. */
export async function setMe(client: QueryClient, me: Me | null): Promise<void> {
  const before = client.getQueryData(startQuery.queryKey)
  const start: Start = before ?? (await client.fetchQuery(startQuery))
  client.setQueryData(startQuery.queryKey, { ...start, me, needs_setup: start.needs_setup && !me })
  await dress(me)
}

/** Somebody has just signed in: asks again who is here, and where the log stands now. */
export async function enter(client: QueryClient): Promise<void> {
  const start = await client.fetchQuery({ ...startQuery, staleTime: 0 })
  await dress(start.me)
}

export async function dress(me: Me | null): Promise<void> {
  if (!me) {
    localStorage.removeItem('signed-in')
    return
  }
  localStorage.setItem('signed-in', '1')
  draftsOf(me.id)
  applyTheme(me.preferences.theme)
  useTimezone(me.preferences.timezone)
  await useLanguage(me.preferences.language)
}

/** Changes my own preferences: at once on screen, taken back if refused. */
export function useChangeMe() {
  const client = useQueryClient()
  return async (change: ChangeMe): Promise<void> => {
    const before = client.getQueryData(startQuery.queryKey)?.me
    if (!before) return
    const { name, ...preferences } = change
    const given = Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined && value !== null))
    await setMe(client, { ...before, name: name ?? before.name, preferences: { ...before.preferences, ...given } })
    try {
      await setMe(client, await ask(api.PATCH('/api/me', { body: change })))
    } catch (error) {
      await setMe(client, before)
      throw error
    }
  }
}

export async function signOut(client: QueryClient): Promise<void> {
  await ask(api.DELETE('/api/session'))
  localStorage.removeItem('signed-in')
  // A fresh page forgets everything that this member could see.
  client.clear()
  location.assign('/')
}
