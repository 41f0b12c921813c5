"""What can be wrong with the connection to an ERP."""

from comptoir.foundation.errors import Problem


class BadLookupUrl(Problem):
    code = "bad_lookup_url"
    fr = "Cette adresse doit commencer par http:// ou https:// et contenir {{code}}, {{email}} ou {{phone}} après le nom du serveur."
    en = "This address must begin with http:// or https:// and hold {{code}}, {{email}} or {{phone}} after the server's name."


class LookupFailed(Problem):
    """The ERP was asked and gave no answer that can be used. Each way is a code of its own, as providers.erp names it."""

    code = "lookup_failed"
    fr = "L’ERP ne répond pas comme attendu. {reason}"
    en = "The ERP does not answer as expected. {reason}"


class LookupSlow(LookupFailed):
    code = "lookup_slow"
    fr = "L’ERP n’a pas répondu à temps. Réessayez dans un instant."
    en = "The ERP did not answer in time. Try again in a moment."


class LookupUnreachable(LookupFailed):
    code = "lookup_unreachable"
    fr = "L’ERP est injoignable. Réessayez plus tard, ou prévenez un propriétaire. {reason}"
    en = "The ERP cannot be reached. Try again later, or tell an owner. {reason}"


class LookupRefused(LookupFailed):
    """`reason`: its HTTP status."""

    code = "lookup_refused"
    fr = "L’ERP a refusé la question (réponse {reason}). Un propriétaire peut vérifier l’adresse et le jeton."
    en = "The ERP refused the question (answer {reason}). An owner can check the address and the token."


class LookupNotJson(LookupFailed):
    code = "lookup_not_json"
    fr = "La réponse de l’ERP n’est pas lisible. Un propriétaire peut vérifier l’adresse."
    en = "The ERP’s answer cannot be read. An owner can check the address."


class LookupTooLarge(LookupFailed):
    code = "lookup_too_large"
    fr = "La réponse de l’ERP est trop grande pour être lue."
    en = "The ERP’s answer is too large to be read."


class LookupRefusedAddress(LookupFailed):
    code = "lookup_refused_address"
    fr = "L’adresse de l’ERP n’est pas permise. Un propriétaire peut la corriger."
    en = "The ERP’s address is not allowed. An owner can correct it."


class LookupGone(Problem):
    """Between the look and the click."""

    code = "lookup_gone"
    fr = "L’ERP ne connaît plus le client {code} à cette adresse : cherchez de nouveau."
    en = "The ERP no longer knows the customer {code} by this address: look again."


_FAILURES = {
    one.code: one
    for one in (
        LookupSlow,
        LookupUnreachable,
        LookupRefused,
        LookupNotJson,
        LookupTooLarge,
        LookupRefusedAddress,
    )
}


def failure(trouble: str, reason: str = "") -> LookupFailed:
    return _FAILURES.get(trouble, LookupFailed)(reason=reason[:120])
