// Sends one file and says how far it is. XMLHttpRequest, because fetch cannot report the progress of what goes up.
import { language } from '@/i18n'
import { csrf, refused } from './client'
import { Unreachable } from './problems'
import type { Upload } from './types'

export const MAX_FILE = 25 * 1024 * 1024

export const upload = (file: File, onProgress: (part: number) => void) => send<Upload>('/api/uploads', file, onProgress)

export function send<T>(path: string, file: File, onProgress: (part: number) => void): { done: Promise<T>; cancel: () => void } {
  const request = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', path)
    request.setRequestHeader('x-csrftoken', csrf())
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('accept-language', language())
    request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total) }
    request.onerror = () => reject(new Unreachable('upload'))
    request.onload = () => {
      const body = parse(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as unknown as T)
      else reject(refused(request.status, body))
    }
    const form = new FormData()
    form.set('file', file, file.name)
    request.send(form)
  })
  return { done, cancel: () => request.abort() }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
