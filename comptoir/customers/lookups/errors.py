"""What can be wrong with the connection to an ERP."""

from comptoir.foundation.errors import Problem


class BadLookupUrl(Problem):
    code = "bad_lookup_url"
    fr = "Cette adresse doit commencer par http:// ou https:// et contenir {{code}}, {{email}} ou {{phone}} après le nom du serveur."
    en = "This address must begin with http:// or https:// and hold {{code}}, {{email}} or {{phone}} after the server's name."


class LookupFailed(Problem):
    """`trouble`: lookup_slow, lookup_unreachable, lookup_refused, lookup_not_json, lookup_too_large, lookup_refused_address."""

    code = "lookup_failed"
    fr = "Le logiciel de gestion ne répond pas comme attendu ({trouble} {reason})."
    en = "The ERP does not answer as expected ({trouble} {reason})."
