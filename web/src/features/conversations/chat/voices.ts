// One voice at a time: whoever begins makes the other one pause.
let playing: HTMLAudioElement | undefined

export function playAlone(element: HTMLAudioElement): void {
  if (playing !== element) playing?.pause()
  playing = element
}

export function stopped(element: HTMLAudioElement): void {
  element.pause()
  if (playing === element) playing = undefined
}
