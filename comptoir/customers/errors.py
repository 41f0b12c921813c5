"""What can be refused in the customers room, in sentences."""

from comptoir.foundation.errors import Problem


class CustomerNameless(Problem):
    code = "customer_nameless"
    fr = "Donnez un nom au client."
    en = "Give the customer a name."


class CodeTaken(Problem):
    status = 409
    code = "code_taken"
    fr = "Le code « {code} » est celui de {name} : deux clients ne peuvent pas l'avoir."
    en = "The code “{code}” is that of {name}: two customers cannot share it."


class PublicDomain(Problem):
    code = "public_domain"
    fr = "« {domain} » est un hébergeur public : tout le monde peut y avoir une adresse."
    en = "“{domain}” is a public mail host: anybody can have an address there."


class BadDomain(Problem):
    code = "bad_domain"
    fr = "« {domain} » n'est pas un domaine ; écrivez par exemple garage-morel.fr."
    en = "“{domain}” is not a domain; write for example garage-morel.com."


class BadCountry(Problem):
    code = "bad_country"
    fr = "« {country} » n'est pas un code de pays à deux lettres, comme FR ou BE."
    en = "“{country}” is not a two-letter country code, such as FR or BE."


class BadIdentity(Problem):
    code = "bad_identity"
    fr = (
        "« {value} » n'est ni une adresse e-mail ni un numéro de téléphone ; écrivez un numéro étranger avec son indicatif,"
        " comme +32 470 12 34 56."
    )
    en = (
        "“{value}” is neither an e-mail address nor a phone number; write a foreign number with its country code, as in"
        " +32 470 12 34 56."
    )


class IdentityTaken(Problem):
    status = 409
    code = "identity_taken"
    fr = "« {value} » est déjà chez {name} : fusionnez les deux contacts, ou retirez-le là-bas."
    en = "“{value}” already belongs to {name}: merge the two contacts, or remove it there."


class LastIdentity(Problem):
    status = 409
    code = "last_identity"
    fr = "C'est la seule adresse de ce contact : ajoutez-en une autre avant de la retirer."
    en = "This is the contact's only address: add another one before removing it."


class HeardIdentity(Problem):
    status = 409
    code = "heard_identity"
    fr = "Ce contact écrit depuis ce compte WhatsApp : il ne peut pas être retiré."
    en = "This contact writes from this WhatsApp account: it cannot be removed."


class CustomerArchived(Problem):
    status = 409
    code = "customer_archived"
    fr = "Le dossier de {name} est archivé : désarchivez-le d'abord."
    en = "The file of {name} is archived: bring it back first."


class SameOne(Problem):
    code = "same_one"
    fr = "Choisissez-en un autre : on ne fusionne pas une fiche avec elle-même."
    en = "Choose another one: nothing is merged with itself."


class NotMerged(Problem):
    status = 409
    code = "not_merged"
    fr = "Cette fusion est déjà annulée, ou une autre l'a suivie : annulez d'abord la plus récente."
    en = "This merge is undone already, or another one followed it: undo the newest one first."
