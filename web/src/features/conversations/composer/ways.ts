// How one writes in each kind of channel, as data: what stands above the field, which tools stand below it, what Enter does.
// A part is a component that asks `useWriting()` for what it needs; adding one edits its list here and nothing else.
import { defineAsyncComponent, type Component } from 'vue'
import type { Mode } from '@/api/drafts'
import type { Preferences } from '@/api/types'
import { withWords } from '@/i18n'

export interface WayOfWriting {
  /** Chosen recipients, a sender, a subject. */
  hasEnvelope: boolean
  /** Words with form; else plain text. */
  isRich: boolean
  /** A third party can be shown what was said. */
  canForward: boolean
  enterSends: (preferences: Preferences) => boolean
  /** Above the field, from top to bottom. */
  bars: readonly Component[]
  /** Below it, after the paper clip. */
  tools: readonly Component[]
  /** One message carries one file, within what the provider of the number takes. */
  oneFile?: true
  isNote?: true
}

const AnswerBar = defineAsyncComponent(() => import('./AnswerBar.vue'))
const MentionBar = defineAsyncComponent(() => withWords(import('../together/MentionBar.vue')))
const TemplateTool = defineAsyncComponent(() => import('../../templates/TemplateTool.vue'))
const QuoteBar = defineAsyncComponent(() => import('../chat/QuoteBar.vue'))
const VoiceTool = defineAsyncComponent(() => import('../chat/VoiceTool.vue'))
const WindowBar = defineAsyncComponent(() => import('../chat/WindowBar.vue'))

const NOTE: WayOfWriting = { isNote: true, hasEnvelope: false, isRich: false, canForward: false, enterSends: (p) => p.enter_sends_whatsapp, bars: [MentionBar], tools: [] }
const REPLY: Record<string, WayOfWriting> = {
  email: { hasEnvelope: true, isRich: true, canForward: true, enterSends: (p) => p.enter_sends_email, bars: [AnswerBar], tools: [TemplateTool] },
  whatsapp: { hasEnvelope: false, isRich: false, canForward: false, enterSends: (p) => p.enter_sends_whatsapp, bars: [WindowBar, QuoteBar], tools: [TemplateTool, VoiceTool], oneFile: true },
}

export const wayOf = (channelKind: string, mode: Mode): WayOfWriting => (mode === 'note' ? NOTE : (REPLY[channelKind] ?? NOTE))
