// The two drafts of a conversation, a reply and a note, kept as one types.
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import { EMPTY, readDraft, writeDraft, type Draft, type Mode } from '@/api/drafts'

const SAVE_AFTER = 200

export function useDrafts(conversation: number) {
  const drafts = ref<Record<Mode, Draft>>({ reply: readDraft(conversation, 'reply'), note: readDraft(conversation, 'note') })
  const mode = ref<Mode>(drafts.value.note.text && !drafts.value.reply.text ? 'note' : 'reply')

  const change = (part: Partial<Draft>, inMode: Mode = mode.value) => { drafts.value = { ...drafts.value, [inMode]: { ...drafts.value[inMode], ...part } } }
  const clear = (inMode: Mode) => { drafts.value = { ...drafts.value, [inMode]: EMPTY } }

  let saving: ReturnType<typeof setTimeout> | undefined
  function save() {
    clearTimeout(saving)
    writeDraft(conversation, 'reply', drafts.value.reply)
    writeDraft(conversation, 'note', drafts.value.note)
  }
  watch(drafts, () => { clearTimeout(saving); saving = setTimeout(save, SAVE_AFTER) })
  window.addEventListener('pagehide', save)
  onBeforeUnmount(() => { window.removeEventListener('pagehide', save); save() })

  return { drafts, mode, draft: computed(() => drafts.value[mode.value]), change, clear, save }
}
