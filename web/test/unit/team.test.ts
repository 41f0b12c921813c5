import { expect, test } from 'vitest'
import { addressProblem, safeNext, wrongs } from '@/features/team/checks'
import { missing, strengthOf } from '@/features/team/passwords'
import { mayChange, rolesFor } from '@/features/team/roles'

test('a password is worth what nobody can guess of it', () => {
  expect(strengthOf('')).toBe('empty')
  expect(strengthOf('neuf car.')).toBe('short')
  expect(strengthOf('aaaaaaaaaaaa')).toBe('weak')
  expect(strengthOf('motdepasse123')).toBe('weak')
  expect(strengthOf('MotDePasse123')).toBe('weak')
  expect(strengthOf('anne.petit2026', ['Anne Petit', 'anne@pieces.example'])).toBe('weak')
  expect(strengthOf('ChloéMartin!', ['Chloe Martin'])).toBe('weak')
  expect(strengthOf('kiwi vert doux')).toBe('fair')
  expect(strengthOf('kiwi vert doux et mûr')).toBe('strong')
  expect(strengthOf('Kiwi-vert-42x')).toBe('strong')
})

test('letters are counted as people see them', () => {
  expect(missing('éé')).toBe(8)
  expect(missing('🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂')).toBe(0)
})

test('an address needs its whole domain', () => {
  expect(addressProblem('')).toBe('team.wrong.noEmail')
  expect(addressProblem('anne@pieces')).toBe('team.wrong.email')
  expect(addressProblem(' anne@pieces.example ')).toBeUndefined()
})

test('only what is wrong is kept', () => {
  expect(wrongs({ name: undefined, email: 'team.wrong.email' })).toEqual({ email: 'team.wrong.email' })
})

test('after signing in, one never lands on somebody else’s page', () => {
  expect(safeNext('/conversations/12?tab=all')).toBe('/conversations/12?tab=all')
  for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', undefined, ['/a']]) expect(safeNext(bad)).toBe('/')
})

test('only an owner names owners, and nobody changes themselves', () => {
  expect(rolesFor('admin')).not.toContain('owner')
  const owner = { id: 1, role: 'owner' } as const
  const admin = { id: 2, role: 'admin' } as const
  const member = { id: 3, role: 'member' } as const
  expect(mayChange(admin, owner)).toBe(false)
  expect(mayChange(owner, admin)).toBe(true)
  expect(mayChange(admin, member)).toBe(true)
  expect(mayChange(owner, owner)).toBe(false)
  expect(mayChange(member, admin)).toBe(false)
})
