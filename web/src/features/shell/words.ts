// Commands and keys in words: one place that turns the key table into what is printed and read aloud.
import { useI18n } from '@/i18n'
import { keyOf, printed, type CommandId } from '@/keys/map'

export function useKeyWords() {
  const { t } = useI18n()
  const words = () => ({ ctrl: t('keys.ctrl'), shift: t('keys.shift'), enter: t('keys.enter'), escape: t('keys.escape'), home: t('keys.home'), end: t('keys.end'), then: t('keys.then') })
  const print = (gesture: string) => printed(gesture, words())
  const gestures = (id: CommandId) => keyOf(id).keys.map(print)
  const name = (id: CommandId) => t(`keys.commands.${id.replace('.', '_')}`)
  return {
    print, gestures, name,
    /** "Résoudre (e)", for a tooltip. */
    hint: (id: CommandId, label = name(id)) => `${label} (${gestures(id)[0]})`,
  }
}
