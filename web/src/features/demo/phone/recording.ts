// A voice note from the microphone, for as long as the button is on.
import { onScopeDispose, ref } from 'vue'

export function useRecording(done: (file: File) => void) {
  const isOn = ref(false)
  const seconds = ref(0)
  let recorder: MediaRecorder | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let isKept = false

  async function start() {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true })
    const parts: Blob[] = []
    recorder = new MediaRecorder(microphone)
    recorder.ondataavailable = (event) => parts.push(event.data)
    recorder.onstop = () => {
      microphone.getTracks().forEach((track) => track.stop())
      isOn.value = false
      clearInterval(timer)
      const type = recorder?.mimeType ?? ''
      if (isKept && parts.length) done(new File(parts, 'vocal.webm', { type }))
    }
    isKept = false
    seconds.value = 0
    timer = setInterval(() => seconds.value++, 1000)
    recorder.start()
    isOn.value = true
  }

  function stop(keep: boolean) {
    isKept = keep
    if (recorder?.state === 'recording') recorder.stop()
  }
  onScopeDispose(() => stop(false))
  return { isOn, seconds, start, stop }
}
