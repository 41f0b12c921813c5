"""What a trouble code of `channels.port.ConnectionTrouble` means, in a sentence a person can act on. Pure."""

from collections.abc import Mapping

# code -> French, English; {server} is replaced by the side's server
SENTENCES: Mapping[str, tuple[str, str]] = {
    "host_unknown": (
        "{server} est introuvable : vérifiez le nom de l'hôte.",
        "{server} cannot be found: check the name of the host.",
    ),
    "refused": (
        "{server} refuse la connexion : vérifiez l'hôte et le port.",
        "{server} refuses the connection: check the host and the port.",
    ),
    "timeout": (
        "{server} ne répond pas : vérifiez l'hôte, le port et le pare-feu.",
        "{server} does not answer: check the host, the port and the firewall.",
    ),
    "tls_failed": (
        "{server} ne parle pas TLS sur ce port : essayez un autre mode de chiffrement.",
        "{server} does not speak TLS on this port: try another kind of encryption.",
    ),
    "tls_required": (
        "{server} exige une connexion chiffrée : choisissez TLS ou STARTTLS.",
        "{server} asks for an encrypted connection: choose TLS or STARTTLS.",
    ),
    "certificate_invalid": (
        "Le certificat présenté par {server} n'est pas valable : vérifiez le nom de l'hôte.",
        "The certificate of {server} is not valid: check the name of the host.",
    ),
    "sign_in_failed": (
        "{server} refuse l'identifiant ou le mot de passe.",
        "{server} refuses the user name or the password.",
    ),
    "idle_unsupported": (
        "{server} n'annonce pas les nouveaux messages : la boîte sera relevée de temps en temps.",
        "{server} does not announce new mail: the mailbox will be looked at from time to time.",
    ),
    "folder_missing": (
        "{server} n'a pas de boîte de réception à ce nom.",
        "{server} has no inbox of that name.",
    ),
    "protocol_error": (
        "{server} a répondu d'une façon inattendue : vérifiez le port et le type de serveur.",
        "{server} answered in an unexpected way: check the port and the kind of server.",
    ),
    "storage_failed": (
        "Un message reçu n'a pas pu être enregistré de notre côté ; il sera relu.",
        "A mail could not be stored on our side; it will be read again.",
    ),
    "wrong_key": (
        "Le mot de passe enregistré ne peut plus être lu, car la clé du serveur a changé : saisissez-le de nouveau.",
        "The stored password can no longer be read, because the key of this installation has changed: type it again.",
    ),
    "disconnected": (
        "{server} a coupé la connexion ; réessayez.",
        "{server} closed the connection; try again.",
    ),
}

SERVERS: Mapping[str, tuple[str, str]] = {
    "imap": ("Le serveur de réception (IMAP)", "The incoming server (IMAP)"),
    "smtp": ("Le serveur d'envoi (SMTP)", "The outgoing server (SMTP)"),
}


def sentence(code: str, *, side: str, language: str) -> str:
    """An unknown code is a server that did something unexpected."""
    which = 0 if language == "fr" else 1
    server = SERVERS.get(side, ("Le serveur", "The server"))[which]
    return SENTENCES.get(code, SENTENCES["protocol_error"])[which].format(server=server)
