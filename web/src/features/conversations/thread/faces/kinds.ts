// Which files of a mail are more than a file: a mail inside it, an invitation.
import type { Attachment } from '@/api/types'

type Named = Pick<Attachment, 'name' | 'media_type'>

export const isMail = ({ name, media_type }: Named): boolean =>
  media_type === 'message/rfc822' || media_type === 'message/global' || media_type === 'application/eml' || name.toLowerCase().endsWith('.eml')

export const isInvitation = ({ name, media_type }: Named): boolean => media_type === 'text/calendar' || name.toLowerCase().endsWith('.ics')

/** Outlook sends the same invitation twice, in the text and as a file: one face is enough. */
export function facesOf(files: readonly Attachment[]): Attachment[] {
  const invitation = files.find(isInvitation)
  return files.filter((file) => isMail(file) || file === invitation)
}

export const protectionName = (how: string): string => (how.endsWith('pgp') ? 'OpenPGP' : 'S/MIME')
