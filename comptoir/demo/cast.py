"""Who plays in the sample data: a vehicle-parts distributor, its team, and the customers who write to it."""

from msgspec import Struct


class Colleague(Struct, frozen=True):
    key: str
    name: str
    role: str = "member"


class Customer(Struct, frozen=True):
    key: str
    name: str
    address: str
    language: str = "fr"
    phone: str = ""  # on WhatsApp: digits, of ranges that are kept for fiction


ORGANISATION = "Pièces Express"
DOMAIN = "pieces-express.example"

COLLEAGUES = (
    Colleague("anne", "Anne Petit", "owner"),
    Colleague("bruno", "Bruno Costa"),
    Colleague("chloe", "Chloé Martin"),
    Colleague("david", "David Nguyen"),
)

# key, name, local part of the address, who works in it besides the owner
MAILBOXES = (
    ("sav", "Service après-vente", "sav", ("bruno", "chloe")),
    ("ventes", "Ventes", "ventes", ("chloe", "david")),
)

# key, name, number, provider, who works in it besides the owner
NUMBERS = (
    ("comptoir", "WhatsApp Comptoir", "+33199001234", "meta", ("chloe", "david")),
    ("atelier", "WhatsApp Atelier", "+33199005678", "twilio", ("bruno", "chloe")),
)

# name, who is in it
TEAMS = (
    ("Comptoir", ("anne", "chloe", "david")),
    ("Atelier", ("bruno", "chloe")),
)

LABELS = (
    ("Urgent", "red"),
    ("SAV", "orange"),
    ("Devis", "blue"),
    ("Livraison", "green"),
    ("Garantie", "grey"),
    ("Facture", "violet"),
    ("Relance", "amber"),
    ("Grand compte", "teal"),
)

CUSTOMERS = {
    customer.key: customer
    for customer in (
        Customer("morel", "Léa Morel", "lea.morel@garage-morel.example", phone="33639980001"),
        Customer("fournier", "Thomas Fournier", "t.fournier@carrosserie-fournier.example", phone="33639980002"),
        Customer("agri", "Agri Loire — Compta", "compta@agri-loire.example"),
        Customer("btp", "BTP Sud-Est", "atelier@btp-sudest.example"),
        Customer("mistral", "Karim Haddad (Taxi Mistral)", "karim@taxi-mistral.example", phone="33639980003"),
        Customer("lyon", "Sophie Bernard", "sophie.bernard@carrosserie-bellecour.example", phone="33639980004"),
        Customer("quebec", "Mathieu Tremblay", "mathieu@mecanique-tremblay.example", phone="14185550142"),
        Customer("hartley", "Emma Hartley", "emma@hartley-motors.example", "en", phone="447700900123"),
        Customer("keller", "Jürgen Keller", "werkstatt@keller-kfz.example", "de"),
        Customer("alami", "يوسف العلمي", "y.alami@garage-atlas.example", "ar"),
        Customer("long", "Établissements Delacroix-Montferrand Père, Fils & Associés — Magasin central", "magasin@delacroix.example"),
        Customer("auto2000", "Auto 2000", "contact@auto2000.example"),
        Customer("ambulance", "Ambulances du Val", "flotte@ambulances-val.example"),
        Customer("gone", "Ancien client", "inconnu@plus-personne.example"),
    )
}  # fmt: skip
