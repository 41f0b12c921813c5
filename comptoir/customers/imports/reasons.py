"""Why a line did not come in, or not whole, as a sentence for whoever corrects the file."""

_REASONS = {
    "no_code": (
        "Ni code ni nom : on ne sait pas de quel client il s'agit.",
        "Neither code nor name: whose line is it?",
    ),
    "no_number": ("Il manque le numéro du document.", "The document has no number."),
    "no_customer": (
        "Document importé, sans client : la colonne du code client est vide.",
        "Imported without a customer: their code is empty.",
    ),
    "unknown_customer": (
        "Document importé, en attente : aucun client n'a le code « {given} ».",
        "Imported, and waiting: no customer has the code “{given}”.",
    ),
    "contact_elsewhere": (
        "Client importé, mais {given} appartient déjà à un autre client.",
        "Customer imported, but {given} belongs to another customer already.",
    ),
    "bad_email": ("« {given} » n'est pas une adresse e-mail.", "“{given}” is not an e-mail address."),
    "bad_phone": ("« {given} » n'est pas un numéro de téléphone.", "“{given}” is not a phone number."),
    "bad_country": (
        "« {given} » n'est pas un pays : écrivez FR, BE, CH…",
        "“{given}” is not a country: write FR, BE, CH…",
    ),
    "bad_language": (
        "« {given} » n'est pas une langue : écrivez fr, en…",
        "“{given}” is not a language: write fr, en…",
    ),
    "unknown_owner": ("Aucun membre n'a l'adresse « {given} ».", "No member has the address “{given}”."),
    "bad_kind": (
        "« {given} » n'est pas un type : commande, devis, facture ou livraison.",
        "“{given}” is not a kind: order, quote, invoice or delivery.",
    ),
    "bad_date": ("« {given} » n'est pas une date : écrivez 24/11/2026.", "“{given}” is not a date: write 2026-11-24."),
    "bad_total": ("« {given} » n'est pas un montant.", "“{given}” is not an amount."),
    "bad_currency": ("« {given} » n'est pas une devise : écrivez EUR.", "“{given}” is not a currency: write EUR."),
    "bad_link": (
        "« {given} » n'est pas un lien : il commence par https://.",
        "“{given}” is not a link: it begins with https://.",
    ),
}


def sentence(reason: str, given: str, language: str, *, is_refused: bool) -> str:
    fr, en = _REASONS.get(reason, ("Ligne non importée.", "Not imported.") if is_refused else ("", ""))
    return (fr if language == "fr" else en).format(given=given)
