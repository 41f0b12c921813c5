// Who else has a conversation of the list open, as the stream told last: who writes first.
import { computed } from 'vue'
import { presences } from '@/api/live'
import { useMembers } from '@/api/queries'
import { useMe } from '@/api/start'

/** Always the same: a row with nobody in it is not drawn again because somebody is elsewhere. */
const NOBODY: { name: string; doing: string }[] = []

export function usePresent(conversation: () => number) {
  const me = useMe()
  const { byId } = useMembers()
  return computed(() => {
    const here = presences.value.get(conversation())
    if (!here) return NOBODY
    return here
      .filter(({ member_id }) => member_id !== me.value.id)
      .map(({ member_id, doing }) => ({ name: byId.value.get(member_id)?.name ?? '', doing }))
      .filter(({ name }) => name)
      .sort((a, b) => Number(a.doing === 'looking') - Number(b.doing === 'looking'))
  })
}
