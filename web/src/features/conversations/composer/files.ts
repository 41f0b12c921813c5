// Files on their way to a message: limits told before anything is sent, progress, another try, and out again.
import { computed, onScopeDispose, ref } from 'vue'
import { readDraft, writeDraft, type Mode } from '@/api/drafts'
import { MAX_FILE, upload } from '@/api/uploads'
import type { Upload } from '@/api/types'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'

export interface FileOnItsWay {
  key: number
  name: string
  size: number
  /** 0 to 1. */
  progress: number
  state: 'uploading' | 'failed'
  reason?: string
  file: File
  cancel: () => void
}

let last = 0

/** `conversation`: null where there is none yet. `keep` receives each file once the server has it; `refuse` says why one cannot go with this message, before it is sent anywhere. */
export function useFiles(conversation: number | null, mode: () => Mode, keep: (file: Upload, mode: Mode) => void, refuse: (file: File) => string = () => '') {
  const { t } = useI18n()
  const onTheirWay = ref<FileOnItsWay[]>([])
  let isGone = false
  onScopeDispose(() => { isGone = true })

  const change = (key: number, part: Partial<FileOnItsWay>) => { onTheirWay.value = onTheirWay.value.map((one) => (one.key === key ? { ...one, ...part } : one)) }
  const forget = (key: number) => { onTheirWay.value = onTheirWay.value.filter((one) => one.key !== key) }

  function add(files: File[]) {
    for (const file of files) {
      if (file.size > MAX_FILE) toast(t('conversations.files.tooLarge', { name: file.name }), { tone: 'danger' })
      else if (file.size === 0) toast(t('conversations.files.empty', { name: file.name }), { tone: 'danger' })
      else if (refuse(file)) toast(refuse(file), { tone: 'danger' })
      else start(++last, file)
    }
  }

  function start(key: number, file: File) {
    const forMode = mode()
    const { done, cancel } = upload(file, (progress) => change(key, { progress }))
    onTheirWay.value = [...onTheirWay.value.filter((one) => one.key !== key), { key, name: file.name, size: file.size, progress: 0, state: 'uploading', file, cancel }]
    done.then(
      (kept) => {
        forget(key)
        if (isGone) keepInDraft(forMode, kept)
        else keep(kept, forMode)
      },
      (error: Error) => change(key, { state: 'failed', reason: t('conversations.files.failed', { name: file.name, reason: error.name === 'Error' && error.message && error.message !== 'upload' ? error.message : t('conversations.offline') }) }),
    )
  }

  /** The member went to another conversation meanwhile; the file waits in this one's draft. */
  function keepInDraft(forMode: Mode, file: Upload) {
    if (conversation === null) return
    const draft = readDraft(conversation, forMode)
    writeDraft(conversation, forMode, { ...draft, files: [...draft.files, file] })
  }

  function retry(one: FileOnItsWay) { start(one.key, one.file) }
  function cancel(one: FileOnItsWay) { one.cancel(); forget(one.key) }

  return { onTheirWay, add, retry, cancel, isBusy: computed(() => onTheirWay.value.some((one) => one.state === 'uploading')) }
}
