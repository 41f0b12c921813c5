"""What was said on WhatsApp before the curtain rises: photos of parts, voice notes, and a window that has closed. Pure data.

`ago` is minutes before the curtain, as in `scenes`; a step that is about another one names it by its number in the scene.
"""

from msgspec import Struct

from comptoir.demo.scenes import DAY, HOUR, Assign, Note, Resolve


class Says(Struct, frozen=True):
    """The customer. `file` is the name of a prop; `quotes` a step. `latitude` and `longitude` make it a place."""

    ago: int
    text: str = ""
    file: str = ""
    quotes: int | None = None
    place: tuple[float, float] | None = None


class Answers(Struct, frozen=True):
    """A colleague. `template` is the name of one of the number's, with its `values` in order. `state`: how far it came."""

    ago: int
    by: str
    text: str = ""
    file: str = ""
    quotes: int | None = None
    template: str = ""
    values: tuple[str, ...] = ()
    state: str = "read"


class Reacts(Struct, frozen=True):
    """The customer, to one of our messages."""

    ago: int
    to: int
    emoji: str


ChatStep = Says | Answers | Reacts | Assign | Note | Resolve


class Chat(Struct, frozen=True):
    number: str
    customer: str
    steps: tuple[ChatStep, ...]
    labels: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()


CHATS: tuple[Chat, ...] = (
    Chat(
        "comptoir", "morel", labels=("Devis",), read_by=("chloe",),
        steps=(
            Says(55, "Bonjour, le disque de la Clio V est bien marqué. Vous avez le même en stock ?", file="disque.png"),
            Assign(52, "anne", "anne"),
            Answers(50, "anne", "Bonjour Léa, c'est le 09.9772.11. Il m'en reste quatre, je vous en mets deux de côté ?", quotes=0),
            Reacts(48, 2, "👍"),
            Says(6, file="vocal.ogg"),
            Says(5, "Pardon pour le bruit, je suis à l'atelier. Deux disques et les plaquettes, pour 14 h si possible.", quotes=2),
        ),
    ),
    Chat(
        "comptoir", "mistral", labels=("Urgent",), read_by=("anne", "david"),
        steps=(
            Says(3 * HOUR, "Taxi en panne place Bellecour, l'alternateur a lâché. Vous livrez ?"),
            Says(3 * HOUR - 1, place=(45.7578, 4.832)),
            Assign(3 * HOUR - 4, "david", "david"),
            Answers(3 * HOUR - 5, "david", "On est à dix minutes, le coursier part avec le 0 124 525 091. 🚚"),
            Says(3 * HOUR - 40, "Reçu, monté, je roule. Merci !"),
            Reacts(3 * HOUR - 39, 3, "🙏"),
            Answers(3 * HOUR - 42, "david", "Parfait, bonne route Karim.", state="delivered"),
        ),
    ),
    Chat(
        "comptoir", "fournier", labels=("Relance",), read_by=("anne", "chloe"),
        steps=(
            Says(3 * DAY, "Bonjour, votre prix pour une optique gauche de Mégane IV ?"),
            Assign(3 * DAY - 20, "chloe", "chloe"),
            Answers(3 * DAY - 25, "chloe", "Bonjour Thomas, 218 € HT en équipementier. Je vous la commande ?"),
            Note(26 * HOUR, "chloe", "Plus de 24 h sans réponse : je passe par un modèle."),
            Answers(25 * HOUR, "chloe", template="suite_demande", values=("Thomas", "optique gauche de Mégane IV"), state="delivered"),
        ),
    ),
    Chat(
        "comptoir", "quebec", read_by=("anne", "chloe"),
        steps=(
            Says(5 * DAY, "Bonjour ! Le colis est passé à la douane, merci pour les papiers. 🎉"),
            Answers(5 * DAY - 30, "chloe", "Super nouvelle, merci Mathieu !"),
            Resolve(5 * DAY - 28, "chloe"),
        ),
    ),
    Chat(
        "atelier", "lyon", labels=("SAV",),
        steps=(
            Says(2 * HOUR, "Bonjour, la rayure est-elle rattrapable ou il faut changer l'aile ?", file="aile.png"),
            Assign(100, "bruno", "bruno"),
            Answers(95, "bruno", "Bonjour Sophie, ça se rattrape : deux heures de polissage. Jeudi 9 h ?"),
            Says(30, "Jeudi 9 h, c'est parfait."),
        ),
    ),
)  # fmt: skip
