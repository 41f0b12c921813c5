"""What can be refused in the templates room, in sentences."""

from comptoir.foundation.errors import Problem


class ShortcutTaken(Problem):
    status = 409
    code = "template_shortcut_taken"
    fr = "Le raccourci /{shortcut} sert déjà à « {name} » ; choisissez-en un autre."
    en = "The shortcut /{shortcut} already belongs to “{name}”; choose another one."


class UnknownField(Problem):
    code = "template_field_unknown"
    fr = "« {field} » n'est pas un champ connu ; choisissez-le dans le menu des variables."
    en = "“{field}” is not a known field; choose one from the variables menu."


class NotCanned(Problem):
    status = 409
    code = "template_not_canned"
    fr = "Un modèle WhatsApp se modifie chez Meta ou Twilio, pas ici."
    en = "A WhatsApp template is changed at Meta or Twilio, not here."


class NotApproved(Problem):
    status = 409
    code = "template_not_approved"
    fr = "Le modèle « {name} » n'est pas approuvé pour le moment ; choisissez-en un autre ou actualisez la liste."
    en = "The template “{name}” is not approved at the moment; choose another one or refresh the list."


class ValueMissing(Problem):
    """`names` says which variables have no value, separated by commas."""

    code = "template_value_missing"
    fr = "Il manque une valeur pour : {names}."
    en = "A value is missing for: {names}."


class ValueRefused(Problem):
    code = "template_value_refused"
    fr = "WhatsApp refuse les retours à la ligne, les tabulations et plus de trois espaces de suite ; corrigez « {name} »."
    en = "WhatsApp refuses line breaks, tabs and more than three spaces in a row; correct “{name}”."


class TooLong(Problem):
    code = "template_too_long"
    fr = "Une fois rempli, le modèle dépasse {limit} caractères ; raccourcissez une valeur."
    en = "Once filled, the template is longer than {limit} characters; shorten a value."


class HeaderFileMissing(Problem):
    code = "template_header_missing"
    fr = "Ce modèle commence par un fichier (image, vidéo ou document) ; ajoutez-le."
    en = "This template begins with a file (image, video or document); add it."
