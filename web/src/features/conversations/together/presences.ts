// Who else is in the conversation that is on screen. This tab says that it is there, again and again; the stream says who is.
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api, ask, csrf } from '@/api/client'
import { uuid } from '@/api/outbox'
import { presence } from '@/api/live'
import { useMembers } from '@/api/queries'
import { useMe } from '@/api/start'
import type { Presences } from '@/api/types'

export type Doing = 'looking' | 'reply' | 'note'

const ARRIVES = 300 // flicking through the list with j is not looking
const AGAIN = 20_000
const WRITES_AGAIN = 4_000
const STOPS = 6_000
const tab = uuid().slice(0, 8)
const here = shallowRef<Presences>()
watch(presence, (now) => { if (now && now.conversation_id === here.value?.conversation_id) here.value = now })

/** The others in this conversation, by name, as they were last told. */
export function useOthers(conversation: () => number) {
  const me = useMe()
  const { byId } = useMembers()
  return computed(() =>
    here.value?.conversation_id !== conversation() ? [] : here.value.members
      .filter(({ member_id }) => member_id !== me.value.id)
      .map(({ member_id, doing }) => ({ id: member_id, name: byId.value.get(member_id)?.name ?? '', doing: doing as Doing }))
      .filter(({ name }) => name),
  )
}

/** Says that this tab shows the conversation, and whether its member types in it. One for each thread on screen. */
export function usePresence(conversation: number, text: () => string, mode: () => 'reply' | 'note') {
  const doing = ref<Doing>('looking')
  const url = `/api/conversations/${conversation}/presence`
  let typedAt = 0
  let saidAt = 0

  async function say() {
    if (document.hidden) return
    saidAt = Date.now()
    const now = await ask(api.PUT('/api/conversations/{conversation_id}/presence', { params: { path: { conversation_id: conversation } }, body: { tab, doing: doing.value } })).catch(() => undefined)
    if (now && here.value?.conversation_id !== conversation) here.value = now
  }
  /** `isGoing`: the page too may be, and the browser sends it all the same. */
  function leave(isGoing: boolean) {
    clearTimeout(arriving)
    if (here.value?.conversation_id === conversation) here.value = undefined
    if (!saidAt) return
    saidAt = 0
    void fetch(`${url}?tab=${tab}`, { method: 'DELETE', keepalive: isGoing, headers: { 'x-csrftoken': csrf() } }).catch(() => {})
  }
  const onVisible = () => (document.hidden ? leave(true) : void say())
  const onHide = () => leave(true)

  watch(text, (now, before) => {
    if (now === before || !now) return void stop()
    typedAt = Date.now()
    if (doing.value === mode() && Date.now() - saidAt < WRITES_AGAIN) return
    doing.value = mode()
    void say()
  })
  watch(mode, stop)
  function stop() {
    if (doing.value === 'looking') return
    doing.value = 'looking'
    void say()
  }

  const tick = setInterval(() => {
    if (doing.value !== 'looking' && Date.now() - typedAt > STOPS) stop()
    else if (saidAt && Date.now() - saidAt >= AGAIN) void say()
  }, 2000)
  const arriving = setTimeout(() => void say(), ARRIVES)
  document.addEventListener('visibilitychange', onVisible)
  window.addEventListener('pagehide', onHide)
  onScopeDispose(() => {
    clearInterval(tick)
    document.removeEventListener('visibilitychange', onVisible)
    window.removeEventListener('pagehide', onHide)
    clearTimeout(arriving)
    setTimeout(() => leave(false)) // what comes in its place is drawn first
  })
}
