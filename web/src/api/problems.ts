// The two ways a request can fail. A refusal carries a sentence in the member's language; no answer at all is worth another try.
export class Refused extends Error {
  readonly status: number
  /** Stable, for code: "connection_failed". */
  readonly code: string
  /** Sentence by field, for forms. */
  readonly fields: Record<string, string>
  /** What the sentence was made of: the address that is taken, the server that refused. */
  readonly facts: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body['detail'] ?? body['title'] ?? status))
    this.status = status
    this.code = String(body['code'] ?? status)
    this.fields = (body['fields'] as Record<string, string> | undefined) ?? {}
    this.facts = (body['facts'] as Record<string, unknown> | undefined) ?? {}
  }
}

export class Unreachable extends Error {}

/** Would the same request be worth sending again later? */
export const isTransient = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 401 || error.status === 429))
