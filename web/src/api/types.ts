// Short names for what the server says. The shapes come from schema.d.ts, which is generated from the Python structs.
import type { InfiniteData } from '@tanstack/vue-query'
import type { components } from './schema'

type Schemas = components['schemas']

export type Start = Schemas['Start']
export type Me = Schemas['Me']
export type Preferences = Schemas['Preferences']
export type ChangeMe = Schemas['ChangeMe']
export type Member = Schemas['MemberView']
export type Team = Schemas['TeamView']
export type MemberScope = Member['scope']
export type Channel = Schemas['ChannelView']
export type Row = Schemas['ConversationRow']
export type Page = Schemas['ConversationPage']
export type Counts = Schemas['Counts']
export type Reading = Schemas['Reading']
export type Thread = Schemas['Thread']
export type Message = Schemas['MessageView']
export type Attachment = Schemas['AttachmentView']
export type Activity = Schemas['Activity']
export type Person = Schemas['PersonView']
export type ReplyRecipients = Schemas['ReplyRecipients']
export type NewReply = Schemas['NewReply']
export type NewNote = Schemas['NewNote']
export type Forwarded = Schemas['Forwarded']
export type DraftView = Schemas['DraftView']
export type DraftMark = Schemas['DraftMark']
export type SuggestedPerson = Schemas['SuggestedPerson']
export type Reachable = Schemas['Reachable']
export type FileImport = Schemas['ImportView']
export type ImportPreview = Schemas['Preview']
export type DocumentKind = FileImport['document_kind']
export type BusinessDocument = Schemas['DocumentView']
export type ApiToken = Schemas['TokenView']
export type MadeToken = Schemas['MadeToken']
export type LookupAnswer = Schemas['Known']
export type DataRequest = Schemas['DataRequestView']
export type Hit = Schemas['SearchHit']
export type AttachedMail = Schemas['AttachedMail']
export type Invitation = Schemas['Invitation']
export type Envelope = Schemas['EnvelopeView']
export type Upload = Schemas['Upload']
export type Pill = Schemas['LabelPill']
export type Label = Schemas['LabelView']
export type Role = Member['role']
export type Invited = Schemas['Invited']
export type Abilities = Schemas['Abilities']
export type Template = Schemas['TemplateView']
export type ImapSettings = Schemas['ImapSettings']
export type MailboxConnection = Schemas['MailboxConnection']
export type NumberConnection = Schemas['NumberConnection']
export type NumberSettings = Schemas['NumberSettings']
export type NumberSecrets = Schemas['NumberSecrets']
export type NumberReport = Schemas['NumberReport']
export type NumberCheck = Schemas['NumberCheck']
export type Finding = Schemas['FindingView']
export type ConnectionReport = Schemas['ConnectionReport']

export type Presences = Schemas['Presences']
export type Mentionable = Schemas['Mentionable']
export type Mention = Schemas['Mention']
export type NotificationPage = Schemas['NotificationPage']
export type Notice = Schemas['NotificationView']
export type NotificationChoices = Schemas['ChoicesView']

export type Tab = 'mine' | 'unassigned' | 'all'
export type Status = Row['status']
/** What a filter says beyond tab and status, each as the address has it: "3,7", "true", "2026-11-01". */
export type More = Partial<Record<'kind' | 'channel' | 'assignee' | 'team' | 'label_any' | 'label_all' | 'label_none' | 'priority' | 'unread' | 'failed' | 'active_from' | 'active_to' | 'created_from' | 'created_to', string>>
/** `status`: one, "any", or several ("open,pending"). */
export interface Filter { tab: Tab; status: string; more?: More | undefined }

/** One message of /api/stream: what is now true for this member. */
export interface Frame {
  seq: number
  put: { conversations: Row[]; messages: Message[]; activities: Activity[]; readings: Reading[]; drafts: DraftMark[] }
  drop: { conversations: number[]; messages: number[] }
  reset: boolean
  about: string[]
}

export type ListData = InfiniteData<Page, string | null>
export type ThreadData = InfiniteData<Thread, string | null>
/** How far this member has read, by conversation. */
export type Readings = Readonly<Record<number, number>>
