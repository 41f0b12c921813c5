"""What is refused where personal data is concerned."""

from comptoir.foundation.errors import Problem


class NameDiffers(Problem):
    code = "name_differs"
    fr = "Le nom saisi n'est pas « {name} » : rien n'a été effacé."
    en = "The name typed is not “{name}”: nothing was erased."


class NothingToDownload(Problem):
    status = 404
    code = "nothing_to_download"
    fr = "Cette archive n'est pas prête, ou n'est plus gardée : demandez-en une nouvelle."
    en = "This archive is not ready, or is kept no longer: ask for a new one."
