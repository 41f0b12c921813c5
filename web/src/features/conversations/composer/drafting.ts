// What is being written in a conversation, kept as one types: in this browser at once, on the server a moment later. The last one
// who writes wins; what was sent or emptied elsewhere goes here too, unless it was changed here meanwhile.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { api, ask } from '@/api/client'
import { EMPTY, isEmpty, readDraft, writeDraft, type Draft, type Mode } from '@/api/drafts'
import { Refused } from '@/api/problems'
import { useDraftMarks } from '@/api/queries'
import type { DraftView } from '@/api/types'
import { named } from './recipients'

type Kept = 'reply' | 'note'
const MODES: readonly Mode[] = ['reply', 'note', 'forward']
const KEPT: readonly Kept[] = ['reply', 'note']
const SAVE_AFTER = 200
const PUSH_AFTER = 1000

/** A reply that was taken back, for the composer of its conversation. */
export const returned = shallowRef<DraftView>()

export function useDrafts(conversation: number) {
  const drafts = ref(Object.fromEntries(MODES.map((mode) => [mode, readDraft(conversation, mode)])) as Record<Mode, Draft>)
  const mode = ref<Mode>(drafts.value.note.text && !drafts.value.reply.text ? 'note' : 'reply')
  const edits: Record<Mode, number> = { reply: 0, note: 0, forward: 0 }
  const { byConversation } = useDraftMarks()

  const put = (inMode: Mode, draft: Draft) => { drafts.value = { ...drafts.value, [inMode]: draft } }
  function change(part: Partial<Draft>, inMode: Mode = mode.value) {
    edits[inMode] += 1
    put(inMode, { ...drafts.value[inMode], ...part, isDirty: true })
  }
  function clear(inMode: Mode) {
    edits[inMode] += 1
    put(inMode, { ...EMPTY, isDirty: true })
  }

  let saving: ReturnType<typeof setTimeout> | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined
  let pushing: Promise<unknown> = Promise.resolve()
  function save() {
    clearTimeout(saving)
    for (const one of MODES) writeDraft(conversation, one, drafts.value[one])
  }
  /** One after the other, so that an older text never lands behind a newer one. */
  function push() {
    clearTimeout(waiting)
    for (const one of KEPT) if (drafts.value[one].isDirty) pushing = pushing.then(() => pushOne(one))
  }

  async function pushOne(one: Kept) {
    const [draft, at] = [drafts.value[one], edits[one]]
    if (!draft.isDirty) return
    try {
      const version = await send(conversation, one, draft)
      put(one, { ...drafts.value[one], version, isDirty: edits[one] !== at })
      writeDraft(conversation, one, drafts.value[one])
    } catch (error) {
      if (error instanceof Refused && error.code === 'draft_gone') put(one, { ...drafts.value[one], version: 0 })
      // Unreachable or refused: it stays here, and goes with the next change or when the network is back.
    }
  }

  async function reconcile() {
    await pushing
    const asked = { ...edits }
    const found = await ask(api.GET('/api/conversations/{conversation_id}/drafts', { params: { path: { conversation_id: conversation } } })).catch(() => undefined)
    if (!found) return
    for (const one of KEPT) {
      const [here, there] = [drafts.value[one], found.find((draft) => draft.mode === one)]
      if (here.isDirty || edits[one] !== asked[one]) continue // what was typed meanwhile is newer than the answer
      if (there && there.version !== here.version) put(one, asDraft(there))
      else if (!there && here.version) put(one, EMPTY)
      else if (!there && !isEmpty(here)) put(one, { ...here, isDirty: true })
    }
    save()
    push()
  }

  watch(drafts, () => {
    clearTimeout(saving)
    saving = setTimeout(save, SAVE_AFTER)
    if (!KEPT.some((one) => drafts.value[one].isDirty)) return
    clearTimeout(waiting)
    waiting = setTimeout(push, PUSH_AFTER)
  })
  watch(() => byConversation.value.get(conversation)?.join() ?? '', () => void reconcile())
  watch(returned, (draft) => {
    if (draft?.conversation_id !== conversation) return
    put('reply', asDraft(draft))
    mode.value = 'reply'
    save()
  }, { immediate: true })
  void reconcile()
  window.addEventListener('pagehide', save)
  window.addEventListener('online', push)
  onBeforeUnmount(() => {
    window.removeEventListener('pagehide', save)
    window.removeEventListener('online', push)
    if (returned.value?.conversation_id === conversation) returned.value = undefined
    save()
    push()
  })

  return { drafts, mode, draft: computed(() => drafts.value[mode.value]), change, clear, save }
}

/** Its version there: 0 where it is empty, and gone. */
async function send(conversation: number, mode: Kept, draft: Draft): Promise<number> {
  const params = { path: { conversation_id: conversation, mode } }
  if (isEmpty(draft)) {
    await ask(api.DELETE('/api/conversations/{conversation_id}/drafts/{mode}', { params }))
    return 0
  }
  const people = Object.fromEntries((['to', 'cc', 'bcc'] as const).flatMap((field) => (draft[field] ? [[field, named(draft[field])]] : [])))
  const content = {
    text: draft.text, html: draft.html ?? '', subject: draft.subject ?? null, sender: draft.sender ?? '',
    attachment_ids: draft.files.map((file) => file.id), forwarded: draft.forwarded ?? null, in_reply_to_id: draft.in_reply_to_id ?? null, template: draft.template ?? null, ...people,
  }
  return (await ask(api.PUT('/api/conversations/{conversation_id}/drafts/{mode}', { params, body: { version: draft.version ?? 0, content } }))).version
}

function asDraft({ version, files, content }: DraftView): Draft {
  const people = Object.fromEntries((['to', 'cc', 'bcc'] as const).flatMap((field) => (content[field] ? [[field, named(content[field])]] : [])))
  const header = files.find((file) => file.id === content.template?.header_attachment_id)
  return {
    text: content.text ?? '', files: files.filter((file) => file !== header), version, isDirty: false, ...people,
    ...(content.html ? { html: content.html } : {}), ...(content.sender ? { sender: content.sender } : {}),
    ...(content.subject != null ? { subject: content.subject } : {}), ...(content.forwarded ? { forwarded: content.forwarded } : {}),
    ...(content.in_reply_to_id ? { in_reply_to_id: content.in_reply_to_id } : {}), ...(content.template ? { template: content.template, header } : {}),
  }
}
