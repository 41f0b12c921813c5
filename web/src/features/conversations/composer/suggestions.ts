// People one may mean while an address is typed: colleagues and contacts, asked of the server when the typing pauses.
import { onScopeDispose, ref } from 'vue'
import { api, ask } from '@/api/client'
import type { SuggestedPerson } from '@/api/types'

const PAUSE = 150

export function useSuggestions() {
  const found = ref<SuggestedPerson[]>([])
  const marked = ref(-1)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = ''

  function close() {
    clearTimeout(timer)
    asked = ''
    found.value = []
    marked.value = -1
  }

  function look(typed: string) {
    clearTimeout(timer)
    asked = typed.trim()
    if (asked.length < 2) close()
    else timer = setTimeout(() => void fetchNow(asked), PAUSE)
  }

  async function fetchNow(words: string) {
    const people = await ask(api.GET('/api/recipients', { params: { query: { q: words } } })).catch(() => [])
    if (words !== asked) return // something else is typed by now
    found.value = people
    marked.value = people.length ? 0 : -1
  }

  const move = (by: number) => { marked.value = (marked.value + by + found.value.length) % found.value.length }
  onScopeDispose(close)
  return { found, marked, look, move, close, pick: () => found.value[marked.value] }
}
