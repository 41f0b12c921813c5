"""What can be refused in the labels room, in sentences."""

from comptoir.foundation.errors import Problem


class LabelTaken(Problem):
    status = 409
    code = "label_taken"
    fr = "Il y a déjà une étiquette « {name} »."
    en = "There is already a label “{name}”."


class LabelArchived(Problem):
    status = 409
    code = "label_archived"
    fr = "L'étiquette « {name} » est archivée ; un administrateur peut la remettre en service."
    en = "The label “{name}” is archived; an admin can bring it back."


class LabelNameless(Problem):
    code = "label_nameless"
    fr = "Donnez un nom à l'étiquette."
    en = "Give the label a name."


class MergeWithItself(Problem):
    code = "merge_with_itself"
    fr = "Choisissez une autre étiquette avec laquelle la fusionner."
    en = "Choose another label to merge it with."
