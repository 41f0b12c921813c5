"""Which column is what? Guessed from its heading, as French and English programs write them; a person has the last word. Pure."""

from collections.abc import Mapping, Sequence

from comptoir.customers import words
from comptoir.customers.imports.models import ImportKind

FIELD = "field"  # kept on the file under its own heading
SEVERAL = frozenset({"", "email", "phone", "tags", FIELD})

CUSTOMER_FIELDS = ("code", "name", "country", "language", "owner", "tags", "contact", "email", "phone", FIELD)
DOCUMENT_FIELDS = ("kind", "number", "customer", "issued_on", "state", "total", "currency", "link")
FIELDS: Mapping[str, Sequence[str]] = {
    ImportKind.CUSTOMERS: CUSTOMER_FIELDS,
    ImportKind.DOCUMENTS: DOCUMENT_FIELDS,
}
REQUIRED: Mapping[str, Sequence[str]] = {ImportKind.CUSTOMERS: ("name",), ImportKind.DOCUMENTS: ("number",)}

_CUSTOMERS = {
    "code": "code|code client|numero client|n client|no client|num client|compte|compte client|compte tiers|code tiers|reference"
    "|reference client|ref client|id client|identifiant|customer code|customer number|customer id|account|account number|account no"
    "|customer no|id|client",
    "name": "nom|raison sociale|nom client|nom du client|societe|entreprise|intitule|denomination|tiers|nom societe|company"
    "|company name|name|customer|customer name|account name|organisation|organization|garage",
    "country": "pays|code pays|country|country code|pays iso",
    "language": "langue|language|code langue|lang",
    "owner": "proprietaire|commercial|responsable|suivi par|charge de compte|owner|account manager|sales rep|salesperson"
    "|email commercial|e mail commercial",
    "tags": "etiquettes|etiquette|tags|tag|categorie|famille|segment|category|type client",
    "contact": "contact|nom contact|nom du contact|interlocuteur|contact name|full name|prenom nom|nom complet|contact principal",
    "email": "email|e mail|mail|courriel|adresse email|adresse e mail|adresse mail|email contact|e mail contact|email address"
    "|mail contact|email 1|email 2|e mail 2|email principal|email secondaire",
    "phone": "telephone|tel|tel 1|tel 2|telephone 1|telephone 2|mobile|portable|gsm|tel portable|telephone portable|tel mobile"
    "|telephone mobile|tel fixe|telephone fixe|numero de telephone|phone|phone number|mobile phone|cell|whatsapp|telephone contact",
}
_DOCUMENTS = {
    "kind": "type|nature|type document|type de document|type piece|kind|document type",
    "number": "numero|n|no|num|numero document|numero de document|n document|numero piece|n piece|piece|reference|ref|numero commande"
    "|n commande|numero de commande|commande|numero facture|numero de facture|n facture|facture|numero devis|n devis|devis|bl|n bl"
    "|numero bl|bon de livraison|number|document number|document no|order number|order no|order|invoice number|invoice no|invoice"
    "|quote number|quote no|delivery number",
    "customer": "code client|client|numero client|n client|compte|compte client|compte tiers|code tiers|tiers|customer code|customer"
    "|customer number|customer no|customer id|account|account number|id client|ref client|reference client",
    "issued_on": "date|date document|date piece|date commande|date facture|date devis|date de commande|date de facture|date livraison"
    "|date d emission|emis le|cree le|issued on|issue date|order date|invoice date|document date|created",
    "state": "etat|statut|status|state|avancement|situation",
    "total": "total|total ttc|montant|montant ttc|total ht|montant ht|ttc|ht|net a payer|amount|total amount|grand total"
    "|total incl tax",
    "currency": "devise|monnaie|currency|code devise|currency code",
    "link": "lien|url|link|adresse|lien erp|erp link",
}
_BY_HEADING = {
    kind: {heading: field for field, headings in names.items() for heading in headings.split("|")}
    for kind, names in ((ImportKind.CUSTOMERS, _CUSTOMERS), (ImportKind.DOCUMENTS, _DOCUMENTS))
}
_KINDS = {
    "order": "commande|commandes|order|orders|cde|bc|bon de commande|sales order",
    "quote": "devis|quote|quotes|quotation|estimate|offre|proposition",
    "invoice": "facture|factures|invoice|invoices|fac|avoir|avoirs|credit note",
    "delivery": "livraison|livraisons|bl|bon de livraison|delivery|deliveries|delivery note|shipment|expedition",
}
_BY_KIND = {name: kind for kind, names in _KINDS.items() for name in names.split("|")}


def guess(kind: str, headings: Sequence[str]) -> list[str]:
    """A field for each column, "" where none fits; no field twice, but those of which there may be several."""
    found: list[str] = []
    for heading in headings:
        field = _BY_HEADING[ImportKind(kind)].get(words.key(heading.replace("°", " ").replace("º", " ")), "")
        found.append("" if field in found and field not in SEVERAL else field)
    if kind == ImportKind.CUSTOMERS and "name" not in found and "contact" in found:
        found[found.index("contact")] = "name"
    return found


def kind_of(text: str) -> str | None:
    """order, quote, invoice or delivery, of a cell or of the name of a file; None where it says none of them."""
    key = words.key(text)
    return _BY_KIND.get(key) or next((_BY_KIND[word] for word in key.split() if word in _BY_KIND), None)
