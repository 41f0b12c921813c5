"""Why a file, or one line of it, cannot come in: in sentences."""

from comptoir.foundation.errors import Problem


class FileTooLarge(Problem):
    status = 413
    code = "import_too_large"
    fr = "Ce fichier dépasse {limit} Mo : coupez-le en plusieurs, ou enregistrez-le en CSV."
    en = "This file is larger than {limit} MB: split it, or save it as CSV."


class TooManyRows(Problem):
    status = 413
    code = "import_too_many_rows"
    fr = "Ce fichier a plus de {limit} lignes : coupez-le en plusieurs."
    en = "This file has more than {limit} lines: split it."


class NotATable(Problem):
    code = "import_unreadable"
    fr = "Ce fichier n'est pas un tableau lisible : enregistrez-le en CSV ou en XLSX, puis réessayez."
    en = "This file is not a table that can be read: save it as CSV or XLSX, then try again."


class Locked(Problem):
    code = "import_locked"
    fr = "Ce classeur est protégé par un mot de passe : retirez-le, puis réessayez."
    en = "This workbook is protected by a password: remove it, then try again."


class Unfolds(Problem):
    status = 413
    code = "import_unfolds"
    fr = "Une fois décompressé, ce classeur prend trop de place : enregistrez-le en CSV."
    en = "Once unpacked, this workbook takes too much room: save it as CSV."


class UnclosedQuote(Problem):
    code = "import_unclosed_quote"
    fr = "Un guillemet n'est jamais refermé après la ligne {line} : corrigez-la, puis réessayez."
    en = "A quotation mark is never closed after line {line}: correct it, then try again."


class EmptyTable(Problem):
    code = "import_empty"
    fr = "Ce fichier n'a pas de ligne à importer : il lui faut une ligne de titres, puis des données."
    en = "This file has no line to import: it needs a line of headings, then data."


class MissingColumn(Problem):
    code = "import_missing_column"
    fr = "Il manque une colonne : {field}."
    en = "A column is missing: {field}."


class AlreadyStarted(Problem):
    status = 409
    code = "import_already_started"
    fr = "Cet import a déjà commencé."
    en = "This import has already begun."
