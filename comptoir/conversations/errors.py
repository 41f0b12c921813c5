"""What can be refused in the conversations room, in sentences."""

from comptoir.foundation.errors import Problem


class NoRecipient(Problem):
    code = "no_recipient"
    fr = "Ajoutez au moins un destinataire."
    en = "Add at least one recipient."


class BadAddress(Problem):
    code = "bad_address"
    fr = "« {address} » n'est pas une adresse e-mail valide."
    en = "“{address}” is not a valid e-mail address."


class EmptyMessage(Problem):
    code = "empty_message"
    fr = "Écrivez un message ou joignez un fichier."
    en = "Write a message or attach a file."


class UploadMissing(Problem):
    code = "upload_missing"
    fr = "Un fichier joint n'est plus disponible ; joignez-le de nouveau."
    en = "An attached file is no longer available; attach it again."


class UploadTooLarge(Problem):
    status = 413
    code = "upload_too_large"
    fr = "« {name} » dépasse la limite de {limit} Mo."
    en = "“{name}” is larger than {limit} MB."


class CannotAssign(Problem):
    code = "cannot_assign"
    fr = "Cette personne ne travaille pas dans cette boîte ; ajoutez-la d'abord à la boîte."
    en = "This person does not work in this mailbox; add them to the mailbox first."


class CannotMerge(Problem):
    code = "cannot_merge"
    fr = "Seules deux conversations de la même boîte, et sur WhatsApp du même contact, peuvent être fusionnées."
    en = "Only two conversations of the same mailbox, and on WhatsApp of the same contact, can be merged."


class ThirdPartyStaysApart(Problem):
    code = "third_party_stays_apart"
    fr = "La conversation avec le tiers à qui vous avez transféré reste à part : le client verrait ce qu'il répond."
    en = "The conversation with the third party you forwarded to stays apart: the customer would see what they answer."


class NotMerged(Problem):
    status = 409
    code = "not_merged"
    fr = "Ces conversations ne sont plus fusionnées : il n'y a rien à annuler."
    en = "These conversations are no longer merged: there is nothing to undo."


class CannotUnmerge(Problem):
    status = 409
    code = "cannot_unmerge"
    fr = "Cette fusion ne peut plus être annulée : la conversation a elle-même été fusionnée, ou ses messages ont été déplacés depuis."
    en = (
        "This merge can no longer be undone: the conversation was itself merged, or its messages have been moved since."
    )


class CannotFollow(Problem):
    code = "cannot_follow"
    fr = "Cette personne ne voit pas cette conversation : ajoutez-la à la boîte, ou assignez-lui la conversation."
    en = "This person does not see this conversation: add them to the mailbox, or assign it to them."


class NobodyToBlock(Problem):
    code = "nobody_to_block"
    fr = "Personne d'extérieur n'a encore écrit dans cette conversation : il n'y a personne à bloquer."
    en = "Nobody from outside has written in this conversation yet: there is nobody to block."


class CannotAssignTeam(Problem):
    code = "cannot_assign_team"
    fr = "Personne de cette équipe ne travaille dans cette boîte ; ajoutez-y d'abord un de ses membres."
    en = "Nobody of this team works in this mailbox; add one of its members to the mailbox first."


class HeldByAnother(Problem):
    status = 409
    code = "held_by_another"
    fr = "Une conversation avec cette personne est déjà entre les mains d'un collègue ; demandez qu'on vous la confie."
    en = "A conversation with this person is already in a colleague's hands; ask for it to be assigned to you."


class SchedulePast(Problem):
    code = "schedule_past"
    fr = "Choisissez un moment à venir pour l'envoi."
    en = "Choose a moment in the future to send it."


class ScheduleTooFar(Problem):
    code = "schedule_too_far"
    fr = "Un envoi se programme au plus un an à l'avance."
    en = "A message can be scheduled at most a year ahead."


class NotScheduled(Problem):
    status = 409
    code = "not_scheduled"
    fr = "Cet envoi n'est plus programmé : il est parti, ou il a été annulé."
    en = "This is no longer scheduled: it has left, or it was cancelled."


class SnoozePast(Problem):
    code = "snooze_past"
    fr = "Choisissez un moment à venir."
    en = "Choose a moment in the future."


class SnoozeTooFar(Problem):
    code = "snooze_too_far"
    fr = "Choisissez un moment dans les cinq ans à venir."
    en = "Choose a moment within the next five years."


class NotFailed(Problem):
    status = 409
    code = "not_failed"
    fr = "Ce message n'est pas en échec : il n'y a rien à réessayer ni à supprimer."
    en = "This message has not failed: there is nothing to retry or discard."


class ChannelGone(Problem):
    status = 409
    code = "channel_gone"
    fr = "Cette boîte est déconnectée ; reconnectez-la pour répondre."
    en = "This mailbox is disconnected; connect it again to answer."


class NotForwarded(Problem):
    status = 409
    code = "not_forwarded"
    fr = "Ce message n'a pas été transféré par un collègue : il n'y a pas d'expéditeur à corriger."
    en = "This message was not forwarded by a colleague: there is no sender to correct."


class WholeConversation(Problem):
    status = 409
    code = "whole_conversation"
    fr = "Tous les messages suivraient celui-ci : il ne resterait rien dans la conversation."
    en = "Every message would follow this one: nothing would be left in the conversation."


class CannotMove(Problem):
    status = 409
    code = "cannot_move"
    fr = "Seul un e-mail peut être déplacé, et dans une conversation de la même boîte."
    en = "Only an e-mail can be moved, and to a conversation of the same mailbox."


class DraftGone(Problem):
    status = 409
    code = "draft_gone"
    fr = "Ce brouillon n'est plus là : il a été envoyé ou vidé ailleurs."
    en = "This draft is gone: it was sent or emptied elsewhere."


class AlreadyLeft(Problem):
    status = 409
    code = "already_left"
    fr = "Ce message est parti, même s'il n'a pas été remis : il reste dans la conversation."
    en = "This message did leave, even though it was not delivered: it stays in the conversation."


class TooLate(Problem):
    status = 409
    code = "too_late"
    fr = "Trop tard : ce message est déjà parti."
    en = "Too late: this message has already left."


class BadSender(Problem):
    code = "bad_sender"
    fr = "Cette boîte n'envoie pas depuis « {address} »."
    en = "This mailbox does not send from “{address}”."


class BadPhone(Problem):
    code = "bad_phone"
    fr = "« {phone} » n'est pas un numéro de téléphone ; écrivez-le avec son indicatif, comme +33 6 12 34 56 78."
    en = "“{phone}” is not a phone number; write it with its country code, as in +33 6 12 34 56 78."
