// Sends a form once at a time, and keeps what was wrong with it: one sentence for the whole, one for each field.
import { ref, type Ref } from 'vue'
import { useI18n } from '@/i18n'
import { Refused } from './problems'

export interface Submission {
  busy: Ref<boolean>
  /** What went wrong, in the member's language; empty when nothing did. */
  failure: Ref<string>
  /** By field, as the form names them. */
  fields: Ref<Record<string, string>>
  /** The refusal itself, for who needs its code. */
  refusal: Ref<Refused | null>
  /** True when `send` went through. */
  submit: (send: () => Promise<unknown>) => Promise<boolean>
  clear: () => void
}

export function useSubmission(): Submission {
  const { t } = useI18n()
  const busy = ref(false)
  const failure = ref('')
  const fields = ref<Record<string, string>>({})
  const refusal = ref<Refused | null>(null) as Ref<Refused | null>

  function clear() {
    failure.value = ''
    fields.value = {}
    refusal.value = null
  }

  async function submit(send: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    clear()
    try {
      await send()
      return true
    } catch (error) {
      failure.value = sentenceOf(error, t('shell.unreachable.title'))
      if (error instanceof Refused) {
        refusal.value = error
        // What a schema says of a field is written for programs; forms check the same limits in words beforehand.
        fields.value = Object.fromEntries(Object.keys(error.fields).map((path) => [path, t('shell.refusedValue')]))
      }
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, fields, refusal, submit, clear }
}

/** A refusal has its sentence; anything else means that nobody answered. */
export const sentenceOf = (error: unknown, unreachable: string): string => (error instanceof Refused ? error.message : unreachable)
