// Under 900 px there is one column, and the panel is a modal.
import { ref } from 'vue'

const query = window.matchMedia('(max-width: 899px)')
export const isNarrow = ref(query.matches)
query.addEventListener('change', () => { isNarrow.value = query.matches })
