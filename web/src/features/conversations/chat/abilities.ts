// What the provider of this conversation's number can do: react, quote, carry which files. Absent on mail.
import { computed, inject, type ComputedRef, type InjectionKey } from 'vue'
import { useChannels } from '@/api/queries'
import type { Abilities, Row } from '@/api/types'

export const THREAD_ROW: InjectionKey<ComputedRef<Row | undefined>> = Symbol('the row of this thread')

export function useAbilitiesOf(channel: () => number | undefined): ComputedRef<Abilities | null> {
  const data = useChannels()
  return computed(() => data.value?.find((one) => one.id === channel())?.abilities ?? null)
}

export function useAbilities(): ComputedRef<Abilities | null> {
  const row = inject(THREAD_ROW, undefined)
  return useAbilitiesOf(() => row?.value?.channel_id)
}
