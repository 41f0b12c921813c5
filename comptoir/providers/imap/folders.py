"""Which folder holds the mail that was sent: the one named in the settings, the one the server marks, or a usual name."""

from comptoir.providers.imap.reaching import Session

NAMES = (
    "Sent", "Sent Items", "Sent Messages", "Sent Mail", "INBOX.Sent", "INBOX/Sent", "INBOX.Sent Items", "INBOX.Sent Messages",
    "INBOX/Sent Items", "INBOX/Sent Messages", "[Gmail]/Sent Mail", "[Google Mail]/Sent Mail", "[Gmail]/Messages envoyés",
    "Envoyés", "Messages envoyés", "Éléments envoyés", "Courrier envoyé", "Objets envoyés", "Courriers envoyés",
    "INBOX.Envoyés", "INBOX/Envoyés", "INBOX.Messages envoyés", "INBOX.Éléments envoyés",
    "Gesendet", "Gesendete Objekte", "Gesendete Elemente", "INBOX.Gesendet", "Enviados", "Elementos enviados",
    "Mensajes enviados", "Itens enviados", "Posta inviata", "Inviati", "Inviata", "Verzonden items", "Verzonden",
    "Verzonden berichten", "Wysłane", "Elementy wysłane", "Skickat", "Sendt", "Sendte elementer", "Lähetetyt",
    "Odeslané", "Odeslaná pošta", "Отправленные", "送信済み", "已发送邮件",
)  # fmt: skip


def sent_folder(session: Session, wanted: str = "") -> str | None:
    """`wanted` is what a member typed: it is found whatever its case, and nothing else will do."""
    names: dict[str, str] = {}
    marked = None
    for flags, _, name in session.list_folders():
        marks = {flag.lower() for flag in flags}
        if b"\\noselect" in marks or b"\\nonexistent" in marks:
            continue
        if b"\\sent" in marks:
            marked = marked or str(name)
        names[str(name).casefold()] = str(name)
    if wanted:
        return names.get(wanted.strip().casefold())
    return marked or next((names[known.casefold()] for known in NAMES if known.casefold() in names), None)
