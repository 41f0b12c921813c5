// The typed HTTP client. Adds the CSRF header, uses the answers that index.html asked for before the bundle was there (R6),
// and turns every failure into Refused or Unreachable.
import createClient from 'openapi-fetch'
import { language } from '@/i18n'
import { Refused, Unreachable } from './problems'
import type { paths } from './schema'

declare global {
  interface Window { boot?: Record<string, Promise<Response | null>> }
}

let onSignedOut: () => void = () => {}
export const whenSignedOut = (run: () => void): void => { onSignedOut = run }

/** A refusal as it came; a session that has ended is told to the page, whoever asked. */
export function refused(status: number, body: unknown): Refused {
  const error = new Refused(status, typeof body === 'object' && body ? (body as Record<string, unknown>) : {})
  if (error.code === 'not_signed_in') onSignedOut()
  return error
}

const FIRST_SCREEN_MS = 10_000

async function send(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  // They are good for the first screen only: not after a change, nor for a list that is opened much later.
  if (request.method !== 'GET' || performance.now() > FIRST_SCREEN_MS) delete window.boot
  const early = window.boot?.[pathname + search]
  if (early) {
    delete window.boot?.[pathname + search]
    const answer = await early
    if (answer?.ok) return answer
  }
  return fetch(request)
}

export const csrf = (): string => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? ''

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: send })

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('x-csrftoken', csrf())
    request.headers.set('accept', 'application/json')
    // A refusal speaks the language of the page, also to somebody who is not signed in.
    request.headers.set('accept-language', language())
  },
})

/** The stream went away: is it the network, or is nobody signed in any more? An EventSource does not say. */
export async function checkSession(): Promise<void> {
  const { data } = await api.GET('/api/start').catch(() => ({ data: undefined }))
  if (data && !data.me) onSignedOut()
}

/** `await ask(api.GET(...))`: the data, or a failure that says which kind it is. */
export async function ask<T>(sent: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer
  try {
    answer = await sent
  } catch (error) {
    throw new Unreachable(String(error))
  }
  if (answer.response.ok) return answer.data as T
  if ([502, 503, 504].includes(answer.response.status)) throw new Unreachable(String(answer.response.status))
  throw refused(answer.response.status, answer.error)
}
