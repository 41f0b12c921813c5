// Records a voice in the browser: a state machine around MediaRecorder, whose every failure is a sentence.
import { onScopeDispose, ref } from 'vue'

export type RecordState = 'idle' | 'asking' | 'recording' | 'ready'
export type RecordTrouble = 'denied' | 'noMicrophone' | 'busy' | 'insecure' | 'failed'

export const MOST_SECONDS = 600
const KINDS = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4', 'audio/webm']

export function troubleOf(error: unknown): RecordTrouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'noMicrophone'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  return 'failed'
}

export const kindOf = (isSupported: (kind: string) => boolean): string | undefined => KINDS.find(isSupported)
export const extensionOf = (kind: string): string => (kind.includes('ogg') ? 'ogg' : kind.includes('mp4') ? 'm4a' : 'webm')

export function useRecording(onTrouble: (trouble: RecordTrouble) => void, onLimit: () => void) {
  const state = ref<RecordState>('idle')
  const seconds = ref(0)
  const file = ref<File | null>(null)
  const url = ref('')
  let recorder: MediaRecorder | undefined
  let stream: MediaStream | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let isDropped = false

  function release() {
    clearInterval(timer)
    stream?.getTracks().forEach((track) => track.stop())
    stream = recorder = undefined
  }

  async function start() {
    if (state.value !== 'idle') return
    if (!globalThis.isSecureContext || !navigator.mediaDevices || typeof MediaRecorder === 'undefined') return onTrouble('insecure')
    state.value = 'asking'
    isDropped = false
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true, echoCancellation: true } })
      if (isDropped) return release()
      const kind = kindOf((one) => MediaRecorder.isTypeSupported(one))
      recorder = new MediaRecorder(stream, { ...(kind ? { mimeType: kind } : {}), audioBitsPerSecond: 32_000 })
      begin(recorder)
    } catch (error) {
      release()
      state.value = 'idle'
      onTrouble(troubleOf(error))
    }
  }

  function begin(running: MediaRecorder) {
    const parts: Blob[] = []
    running.ondataavailable = (event) => { if (event.data.size) parts.push(event.data) }
    running.onerror = () => { cancel(); onTrouble('failed') }
    running.onstop = () => {
      release()
      if (isDropped) return
      const kind = (running.mimeType || 'audio/webm').split(';')[0]!
      if (!parts.length) { state.value = 'idle'; return onTrouble('failed') }
      file.value = new File(parts, `voice.${extensionOf(kind)}`, { type: kind })
      url.value = URL.createObjectURL(file.value)
      state.value = 'ready'
    }
    running.start(1000)
    state.value = 'recording'
    const began = Date.now()
    seconds.value = 0
    timer = setInterval(() => {
      seconds.value = (Date.now() - began) / 1000
      if (seconds.value >= MOST_SECONDS) { stop(); onLimit() }
    }, 200)
  }

  function stop() {
    clearInterval(timer)
    if (recorder?.state === 'recording') recorder.stop()
  }

  /** Nothing of it is kept. */
  function cancel() {
    isDropped = true
    if (recorder && recorder.state !== 'inactive') recorder.stop()
    release()
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
    file.value = null
    state.value = 'idle'
  }
  onScopeDispose(cancel)
  return { state, seconds, file, url, start, stop, cancel }
}
