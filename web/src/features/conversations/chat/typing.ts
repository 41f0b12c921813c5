// Tells the customer's phone that an answer is being written, once in a while and only where the provider can show it.
import { watch } from 'vue'
import { api } from '@/api/client'
import type { Abilities } from '@/api/types'
import type { Writing } from '../composer/writing'

const EVERY = 20_000 // a sign lasts 25 s at WhatsApp

export function useTyping(writing: Writing, abilities: () => Abilities | null): void {
  let last = 0
  watch(() => writing.draft.value.text, (text, before) => {
    const now = Date.now()
    // Not for what goes away, is quoted back or was there already: for letters that are added.
    if (writing.mode.value !== 'reply' || text.length <= before.length || now - last < EVERY || !abilities()?.can_show_typing) return
    last = now
    void api.PUT('/api/conversations/{conversation_id}/typing', { params: { path: { conversation_id: writing.row.value.id } } }).catch(() => {})
  })
}
