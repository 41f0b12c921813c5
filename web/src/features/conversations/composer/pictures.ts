// A picture that is pasted into the words: uploaded at once, shown where it was pasted; the server makes it a part of the mail.
import { computed, ref } from 'vue'
import { MAX_FILE, upload } from '@/api/uploads'
import { useI18n } from '@/i18n'
import { toast } from '@/ui/toasts'

export function usePictures(show: (src: string, name: string) => void) {
  const { t } = useI18n()
  const coming = ref(0)

  async function add(file: File) {
    if (file.size > MAX_FILE) return toast(t('conversations.files.tooLarge', { name: file.name }), { tone: 'danger' })
    coming.value += 1
    try {
      const kept = await upload(file, () => {}).done
      show(`/api/attachments/${kept.id}/preview`, kept.name)
    } catch (error) {
      toast(t('conversations.files.failed', { name: file.name, reason: error instanceof Error && error.message !== 'upload' ? error.message : t('conversations.offline') }), { tone: 'danger' })
    } finally {
      coming.value -= 1
    }
  }

  return { addPictures: (files: File[]) => { files.forEach((file) => void add(file)) }, isBusy: computed(() => coming.value > 0) }
}
