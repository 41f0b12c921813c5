"""A notification in a sentence, in its member's language, for where no page of ours is open: the desktop, the phone, a mail."""

from collections.abc import Mapping

from comptoir.notifications.schemas import Kind, NotificationView

SENTENCES: Mapping[str, Mapping[Kind, str]] = {
    "fr": {
        "mentioned": "{actor} vous mentionne : {title}",
        "assigned": "{actor} vous assigne : {title}",
        "message": "{title} a écrit",
        "unassigned": "Nouvelle demande : {title}",
        "woken": "De retour : {title}",
        "failed": "Envoi échoué : {title}",
    },
    "en": {
        "mentioned": "{actor} mentions you: {title}",
        "assigned": "{actor} assigns to you: {title}",
        "message": "{title} wrote",
        "unassigned": "New request: {title}",
        "woken": "Back again: {title}",
        "failed": "Not sent: {title}",
    },
}
SEVERAL: Mapping[str, str] = {
    "fr": "{count} conversations vous sont assignées ({actor})",
    "en": "{count} conversations are assigned to you ({actor})",
}
NOTED: Mapping[str, str] = {"fr": "{actor} a noté : {title}", "en": "{actor} noted: {title}"}
NOBODY: Mapping[str, str] = {"fr": "Une règle", "en": "A rule"}


def sentence(view: NotificationView, *, language: str, actor: str) -> str:
    """`actor`: the name of the member who did it, empty when it was nobody."""
    words = SENTENCES[language][view.kind]
    if view.kind == "message" and actor:
        words = NOTED[language]
    if view.is_several:
        words = SEVERAL[language]
    return words.format(actor=actor or NOBODY[language], title=view.title or view.subject, count=view.count)


def path(view: NotificationView) -> str:
    """Where it leads in the interface: the conversation, at its message; one's own list, where it is about several."""
    if view.is_several:
        return "/conversations?tab=mine&status=any"
    at = f"&m={view.message_id}" if view.message_id else ""
    return f"/conversations/{view.conversation_id}?tab=all&status=any{at}"
