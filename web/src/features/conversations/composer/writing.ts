// What the parts of the composer share: the words being written, and how to add to them.
import { inject, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { Draft, Mode } from '@/api/drafts'
import type { NewReply, ReplyRecipients, Row } from '@/api/types'

/** What a field of words can do, whatever it is made of. */
export interface WordField {
  focus: () => void
  /** Puts words at the caret, in place of what is selected. */
  insert: (text: string) => void
}

export interface Writing extends WordField {
  row: ComputedRef<Row>
  reply: ComputedRef<ReplyRecipients | undefined>
  mode: Ref<Mode>
  draft: ComputedRef<Draft>
  change: (part: Partial<Draft>) => void
  /** Puts words in place of all that is written. */
  replace: (text: string) => void
  addFiles: (files: File[]) => void
  /** What else goes with the next reply (a template, a quoted message); forgotten once it is sent. */
  extra: Ref<Partial<NewReply>>
  send: (thenResolve?: boolean) => void
}

export const WRITING: InjectionKey<Writing> = Symbol('writing')

export function useWriting(): Writing {
  const writing = inject(WRITING)
  if (!writing) throw new Error('useWriting() outside the composer')
  return writing
}
