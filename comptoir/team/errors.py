"""What can be refused in the team room, in sentences."""

from comptoir.foundation.errors import Problem


class WrongPassword(Problem):
    status = 401
    code = "wrong_password"
    fr = "Adresse ou mot de passe incorrect."
    en = "Wrong address or password."


class AlreadySetUp(Problem):
    status = 409
    code = "already_set_up"
    fr = "Ce comptoir a déjà un propriétaire : connectez-vous, ou demandez-lui une invitation."
    en = "This Comptoir already has an owner: sign in, or ask them for an invitation."


class AddressTaken(Problem):
    status = 409
    code = "address_taken"
    fr = "{email} est déjà dans l'équipe."
    en = "{email} is already in the team."


class InvitationGone(Problem):
    status = 404
    code = "invitation_gone"
    fr = "Cette invitation a expiré ou a déjà servi ; demandez-en une nouvelle."
    en = "This invitation has expired or was already used; ask for a new one."


class LastOwner(Problem):
    status = 409
    code = "last_owner"
    fr = "Il faut au moins un propriétaire actif : nommez-en un autre d'abord."
    en = "There must be at least one active owner: name another one first."


class BadTimezone(Problem):
    code = "bad_timezone"
    fr = "« {timezone} » n'est pas un fuseau horaire connu."
    en = "“{timezone}” is not a known time zone."


class TeamTaken(Problem):
    status = 409
    code = "team_taken"
    fr = "Il y a déjà une équipe « {name} »."
    en = "There is already a team “{name}”."


class TeamNameless(Problem):
    code = "team_nameless"
    fr = "Donnez un nom à l'équipe."
    en = "Give the team a name."


class CannotJoinTeam(Problem):
    code = "cannot_join_team"
    fr = "Cette personne a quitté le comptoir ; réactivez-la d'abord."
    en = "This person has left; reactivate them first."


class ScopeOfManagers(Problem):
    status = 409
    code = "scope_of_managers"
    fr = "Les propriétaires et les administrateurs voient toutes les conversations de leurs canaux ; changez d'abord leur rôle."
    en = "Owners and admins see every conversation of their channels; change their role first."
