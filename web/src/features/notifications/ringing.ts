// Says aloud what is new: a line on the desktop when no tab of ours is looked at, and a sound where one likes it. One tab does it.
import { watch, type ComputedRef } from 'vue'
import { isLeading } from '@/api/live'
import type { Notice } from '@/api/types'

interface Ringing {
  ringing: ComputedRef<Notice[]>
  hasSound: ComputedRef<boolean>
  words: (notice: Notice) => string
  open: (notice: Notice) => void
}

const KEY = 'rung'

export function useRinging({ ringing, hasSound, words, open }: Ringing): void {
  watch(ringing, (notices) => {
    if (!isLeading.value) return
    // "id.count": one that counts one more rings again.
    const known = new Set((localStorage.getItem(KEY) ?? '').split(' '))
    const news = notices.filter((notice) => !known.has(`${notice.id}.${notice.count}`))
    if (!news.length) return
    localStorage.setItem(KEY, [...[...known].slice(-40), ...news.map((notice) => `${notice.id}.${notice.count}`)].join(' '))
    if (hasSound.value) beep()
    if (document.hidden || !document.hasFocus()) for (const notice of news.slice(0, 3)) show(notice)
  })

  function show(notice: Notice) {
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    try {
      const shown = new Notification(words(notice), { body: notice.excerpt, tag: `conversation-${notice.conversation_id}`, silent: true })
      shown.onclick = () => {
        window.focus()
        open(notice)
        shown.close()
      }
    } catch {
      // On a phone only a service worker may show one: web push does.
    }
  }
}

let audio: AudioContext | undefined
/** Two soft notes, made here: no file to load. */
export function beep(): void {
  try {
    audio ??= new AudioContext()
    const [context, now] = [audio, audio.currentTime]
    for (const [start, pitch] of [[0, 740], [0.12, 988]] as const) {
      const [tone, loudness] = [context.createOscillator(), context.createGain()]
      tone.frequency.value = pitch
      loudness.gain.setValueAtTime(0.0001, now + start)
      loudness.gain.exponentialRampToValueAtTime(0.12, now + start + 0.02)
      loudness.gain.exponentialRampToValueAtTime(0.0001, now + start + 0.3)
      tone.connect(loudness).connect(context.destination)
      tone.start(now + start)
      tone.stop(now + start + 0.32)
    }
  } catch {
    // A browser that was not touched yet plays nothing.
  }
}
