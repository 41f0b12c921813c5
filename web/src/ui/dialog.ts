// The native <dialog> as a modal that an open-or-not model drives.
import type { Ref, ShallowRef } from 'vue'
import { watch } from 'vue'

export function useDialog(dialog: Readonly<ShallowRef<HTMLDialogElement | null>>, open: Ref<boolean>) {
  watch([open, dialog], ([isOpen, element]) => {
    if (!element) return
    if (isOpen && !element.open) element.showModal()
    if (!isOpen && element.open) element.close()
  }, { immediate: true, flush: 'post' })

  /** At once, not when the browser's own close event comes: the key typed next must find the page beneath, its focus given back. */
  function leave() {
    dialog.value?.close()
    open.value = false
  }
  return leave
}
