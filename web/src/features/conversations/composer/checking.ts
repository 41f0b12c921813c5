// Before it goes: what is missing stops it, what may be a slip stops it once.
import { ref, watch, type ComputedRef } from 'vue'
import type { Draft } from '@/api/drafts'
import { useMembers } from '@/api/queries'
import type { Message, ReplyRecipients, Row } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { recipientsOf } from './recipients'
import { picturesOf } from './sending'
import { announcesFile, knownDomains, strangers } from './warnings'
import type { WayOfWriting } from './ways'

interface Asked {
  row: () => Row
  reply: () => ReplyRecipients | undefined
  messages: () => readonly Message[]
  draft: ComputedRef<Draft>
  way: ComputedRef<WayOfWriting>
  isForward: ComputedRef<boolean>
  /** A template, a voice note: something to send without a word. */
  hasExtra: () => boolean
  isUploading: () => boolean
  /** Takes the address that is still being typed; false when it is none, and the field says so. */
  commit: () => boolean
  openEnvelope: () => void
}

export function useChecks(asked: Asked) {
  const { t } = useI18n()
  const { members } = useMembers()
  const { draft, way, isForward } = asked
  const warnings = ref<string[]>([])
  watch([() => draft.value.text, () => draft.value.to, () => draft.value.cc, () => draft.value.bcc, () => draft.value.files], () => { warnings.value = [] })

  const people = () => { const reply = asked.reply(); return way.value.hasEnvelope && reply ? Object.values(recipientsOf(draft.value, reply, isForward.value)).flat() : undefined }
  const hasFile = () => draft.value.files.length > 0 || draft.value.forwarded !== undefined || picturesOf(draft.value.html).length > 0

  function missing(): string {
    if (!asked.commit()) return ' '
    if (asked.isUploading()) return t('conversations.files.wait')
    const needsWords = way.value.isNote ? true : !hasFile() && !isForward.value && !asked.hasExtra()
    if (!draft.value.text.trim() && needsWords) return t('conversations.write.noText')
    if (people()?.length !== 0) return ''
    asked.openEnvelope()
    return t('conversations.write.noRecipient')
  }

  function slips(): string[] {
    const [named, reply] = [people(), asked.reply()]
    if (!named || !reply) return []
    const ours = [...members.value.map((member) => member.email), ...reply.senders.map((sender) => sender.address), asked.row().contact_address]
    const news = isForward.value || !asked.messages().length ? [] : strangers(named, knownDomains(asked.messages(), ours))
    return [
      ...news.map((domain) => t('conversations.write.newDomain', { domain })),
      ...(announcesFile(draft.value.text) && !hasFile() && !isForward.value ? [t('conversations.write.noFile')] : []),
    ]
  }

  function mayGo(): boolean {
    const problem = missing()
    if (problem.trim()) toast(problem, { tone: 'danger' })
    if (problem) return false
    if (warnings.value.length) warnings.value = []
    else warnings.value = slips()
    return !warnings.value.length
  }

  return { warnings, mayGo }
}
