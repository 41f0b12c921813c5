// What a form can say before it asks the server: the same limits as the schemas, as keys of sentences. Pure.
import { SHORTEST } from './passwords'

export type Wrong<Field extends string> = Partial<Record<Field, string>>

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

export const isAddress = (text: string): boolean => ADDRESS.test(text.trim()) && text.trim().length <= 320

export const nameProblem = (text: string): string | undefined => (text.trim() ? undefined : 'team.wrong.name')
export const addressProblem = (text: string): string | undefined => (!text.trim() ? 'team.wrong.noEmail' : isAddress(text) ? undefined : 'team.wrong.email')
export const newPasswordProblem = (text: string): string | undefined => ([...text].length < SHORTEST ? 'team.wrong.short' : undefined)
export const passwordProblem = (text: string): string | undefined => (text ? undefined : 'team.wrong.noPassword')

/** Only what is wrong. */
export function wrongs<Field extends string>(problems: Record<Field, string | undefined>): Wrong<Field> {
  return Object.fromEntries(Object.entries(problems).filter(([, key]) => key)) as Wrong<Field>
}

/** Where to go after signing in: only a page of ours. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
