// What the screen offers by role; the server decides (comptoir/team/editing.py).
import type { Me, Member, Role } from '@/api/types'

/** Only an owner names owners. */
export const rolesFor = (mine: Role): Role[] => (mine === 'owner' ? ['owner', 'admin', 'member'] : ['admin', 'member'])

/** Nobody changes themselves here, and only an owner changes an owner. */
export const mayChange = (me: Pick<Me, 'id' | 'role'>, member: Pick<Member, 'id' | 'role'>): boolean =>
  me.role !== 'member' && member.id !== me.id && (member.role !== 'owner' || me.role === 'owner')
