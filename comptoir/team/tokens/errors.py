"""What can be refused to another program."""

from comptoir.foundation.errors import Problem


class BadToken(Problem):
    status = 401
    code = "bad_token"
    fr = "Ce jeton n'existe pas ou a été révoqué : créez-en un autre dans Réglages, API."
    en = "This token does not exist or was revoked: make another one in Settings, API."
