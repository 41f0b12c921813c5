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
    "app_secret_wrong": (
        "{server} ne reconnaît pas le secret de l'application : copiez-le de nouveau depuis son tableau de bord.",
        "{server} does not know this app secret: copy it again from its dashboard.",
    ),
    "permission_missing": (
        "Il manque une autorisation à ce jeton : {server} demande les deux permissions WhatsApp.",
        "This token lacks a permission: {server} asks for both WhatsApp permissions.",
    ),
    "number_missing": (
        "{server} ne trouve pas ce numéro dans ce compte : vérifiez les identifiants.",
        "{server} does not find this number in this account: check the ids.",
    ),
    "another_number": (
        "{server} a un autre numéro sous cet identifiant : vérifiez lequel vous connectez.",
        "{server} has another number under this id: check which one you are connecting.",
    ),
    "number_offline": (
        "{server} dit que ce numéro n'est pas en service.",
        "{server} says that this number is not online.",
    ),
    "account_blocked": (
        "{server} a suspendu ou restreint ce compte : voyez son tableau de bord.",
        "{server} has suspended or restricted this account: see its dashboard.",
    ),
    "account_stopped": (
        "{server} a suspendu ou restreint ce compte : voyez son tableau de bord.",
        "{server} has suspended or restricted this account: see its dashboard.",
    ),
    "payment_missing": (
        "{server} attend un moyen de paiement valide pour ce compte.",
        "{server} wants a valid means of payment for this account.",
    ),
    "number_not_registered": (
        "Ce numéro n'est plus enregistré : {server} demande de l'enregistrer de nouveau.",
        "This number is no longer registered: {server} asks to register it again.",
    ),
    "name_not_approved": (
        "{server} n'a pas encore approuvé le nom affiché de ce numéro.",
        "{server} has not approved the display name of this number yet.",
    ),
    "sender_misconfigured": (
        "{server} ne peut pas envoyer depuis ce numéro : vérifiez sa configuration chez lui.",
        "{server} cannot send from this number: check how it is set up there.",
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
    "api": ("Le fournisseur WhatsApp", "The WhatsApp provider"),
}


def sentence(code: str, *, side: str, language: str) -> str:
    """An unknown code is a server that did something unexpected."""
    which = 0 if language == "fr" else 1
    server = SERVERS.get(side, ("Le serveur", "The server"))[which]
    return SENTENCES.get(code, SENTENCES["protocol_error"])[which].format(server=server)
