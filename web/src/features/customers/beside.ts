// Whether the details stand beside the thread. Where there is room they are a column that stays as it was left; elsewhere they
// lie over the thread for a look, and go when another conversation opens.
import { computed, ref, watch } from 'vue'
import { usePlace } from '../conversations/place'

const WIDE = typeof matchMedia === 'undefined' ? null : matchMedia('(min-width: 1240px)')
const hasRoom = ref(WIDE?.matches ?? false)
WIDE?.addEventListener('change', (event) => { hasRoom.value = event.matches })
const kept = ref(typeof localStorage === 'undefined' || localStorage.getItem('details') !== 'closed')
const looked = ref(false)

export function useBeside() {
  const place = usePlace()
  const isColumn = computed(() => hasRoom.value && place.isPage.value)
  const isOpen = computed(() => (isColumn.value ? kept.value : looked.value))
  watch(place.id, () => { looked.value = false })

  function toggle() {
    if (!isColumn.value) { looked.value = !looked.value; return }
    kept.value = !kept.value
    localStorage.setItem('details', kept.value ? 'open' : 'closed')
  }
  return { isColumn, isOpen, toggle }
}
