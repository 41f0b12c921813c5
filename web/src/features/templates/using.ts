// From a chosen template to the message: a canned reply goes into the words being written, a WhatsApp template leaves by itself.
import { useQueryClient } from '@tanstack/vue-query'
import { api, ask } from '@/api/client'
import { useOutbox, uuid } from '@/api/outbox'
import { useMe } from '@/api/start'
import { sentenceOf } from '@/api/submit'
import type { Message, NewReply, Template, Upload } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'
import { useHolding } from '../conversations/composer/holding'
import type { Writing } from '../conversations/composer/writing'
import { choiceOf, fill, startingValues, valuesOf, type Values } from './filling'
import { factsQuery } from './templates'

export function useTemplateActs(writing: Writing) {
  const { t } = useI18n()
  const client = useQueryClient()
  const outbox = useOutbox()
  const me = useMe()
  const holding = useHolding()

  /** Puts a canned reply where `put` says, with its files. */
  async function insert(template: Template, values: Values, put: (text: string) => void = writing.insert) {
    put(fill(template.body, valuesOf('body', values)).text)
    try {
      const files = await ask(api.POST('/api/templates/{template_id}/uploads', { params: { path: { template_id: template.id } } }))
      if (files.length) writing.change({ files: [...writing.draft.value.files, ...files] })
    } catch (error) {
      if (template.files.length) toast(sentenceOf(error, t('conversations.offline')), { tone: 'danger' })
    }
  }

  /** Sends a template of WhatsApp, now or later; what is being written stays as it is. */
  function send(template: Template, values: Values, file: Upload | null, later: NewReply['later']) {
    const client_id = uuid()
    const words = fill(template.body, valuesOf('body', values)).text
    const header = template.header_format === 'text' ? fill(template.header, valuesOf('header', values)).text : ''
    const content: Message['content'] = { type: 'template', template_id: template.id, name: template.name, language: template.language, header, footer: template.footer, buttons: template.buttons.map((one) => one.text) }
    const conversation_id = writing.row.value.id
    outbox.add({ client_id, conversation_id, kind: 'reply', body: { client_id, text: '', to: [], template: choiceOf(template, values, file), ...(later ? { later } : {}) }, files: file ? [file] : [], shown: { text: words, content } })
    if (later) holding.offer(conversation_id, client_id, Math.max(me.value.preferences.undo_seconds, 10), t('conversations.handling.later.done'))
  }

  function use(template: Template, values: Values, file: Upload | null, later?: NewReply['later']) {
    if (template.kind === 'whatsapp') send(template, values, file, later)
    else void insert(template, values)
  }

  /** By its shortcut: at once when every field is known, else `ask` shows what is missing. */
  async function useNow(template: Template, put: (text: string) => void, complete: (template: Template) => void) {
    const facts = await client.fetchQuery(factsQuery(writing.row.value.id)).catch(() => ({}))
    const values = startingValues(template, facts)
    if (Object.values(values).some((value) => !value.trim())) {
      put('')
      complete(template)
    } else await insert(template, values, put)
  }

  return { use, useNow }
}
