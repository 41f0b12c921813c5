"""What can be refused of views, in sentences."""

from comptoir.foundation.errors import Problem


class ViewNameless(Problem):
    code = "view_nameless"
    fr = "Donnez un nom à la vue."
    en = "Give the view a name."


class TooManyViews(Problem):
    code = "too_many_views"
    fr = "Vous avez déjà {most} vues ; supprimez-en une."
    en = "You already have {most} views; delete one."
