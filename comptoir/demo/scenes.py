"""What was said before the curtain rises: three weeks of a parts distributor's mail, as steps of named people.

Pure data. `ago` is minutes before the curtain; each step of a scene is later than the one before.
"""

from msgspec import Struct


class Mail(Struct, frozen=True):
    """A customer writes. `html` and `files` are names of what `props` makes; `cc` are keys of the cast."""

    ago: int
    text: str
    html: str = ""
    files: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    is_automatic: bool = False
    is_broken: bool = False


class Reply(Struct, frozen=True):
    """A colleague answers; `fails` with the server's words."""

    ago: int
    by: str
    text: str
    files: tuple[str, ...] = ()
    fails: str = ""


class Note(Struct, frozen=True):
    ago: int
    by: str
    text: str


class Assign(Struct, frozen=True):
    ago: int
    by: str
    to: str


class Resolve(Struct, frozen=True):
    ago: int
    by: str


Step = Mail | Reply | Note | Assign | Resolve


class Scene(Struct, frozen=True):
    mailbox: str
    customer: str
    subject: str
    steps: tuple[Step, ...]
    labels: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()


HOUR, DAY = 60, 24 * 60

SCENES: tuple[Scene, ...] = (
    Scene(
        "sav", "morel", "Colis ouvert, commande CMD-8831", labels=("Urgent", "SAV"),
        steps=(
            Mail(3 * HOUR, "Bonjour,\n\nLa livraison de la commande CMD-8831 est incomplète : deux joints manquent et le carton était ouvert.\n\nPhoto et bon de livraison joints.\n\nLéa Morel\nGarage Morel SARL — 04 78 00 00 00", html="livraison", files=("photo-colis.png", "BL-8831.pdf")),
            Assign(170, "chloe", "anne"),
            Note(165, "chloe", "@Anne voir avec le transporteur avant de renvoyer : c'est le troisième colis ouvert ce mois-ci."),
            Reply(120, "anne", "Bonjour Léa,\n\nMerci pour la photo. Nous renvoyons les deux joints ce jour, sans frais.\n\nAnne"),
            Mail(9, "Merci Anne, c'est parfait. Pouvez-vous me donner le numéro de suivi ? Le véhicule doit sortir demain à midi.\n\nLéa"),
        ),
    ),
    Scene(
        "ventes", "fournier", "Re: Devis DV-20431 — bon pour accord", labels=("Devis",),
        steps=(
            Mail(2 * DAY, "Bonjour, il me faudrait un prix pour 12 plaquettes 0 986 494 123 et 4 disques 09.9772.11, livrés à Villeurbanne.\n\nThomas Fournier", files=("liste-pieces.csv",)),
            Assign(2 * DAY - 30, "david", "anne"),
            Reply(2 * DAY - 90, "anne", "Bonjour Thomas,\n\nVoici le devis DV-20431, valable quinze jours. Tout est en stock.\n\nBien à vous,\nAnne Petit", files=("DV-20431.pdf",)),
            Mail(34, "Bonjour Anne,\n\nBon pour accord, vous pouvez lancer la commande.\n\nThomas\n\n> Le 22 novembre 2026, Anne Petit a écrit :\n> Bonjour Thomas,\n> Voici le devis DV-20431, valable quinze jours. Tout est en stock."),
        ),
    ),
    Scene(
        "sav", "agri", "Avez-vous reçu notre règlement FA-1190 ?", labels=("Facture",),
        steps=(
            Mail(26 * HOUR, "Bonjour,\n\nNous avons réglé la facture FA-1190 par virement le 12. Pouvez-vous confirmer la réception ? Une relance est arrivée hier.\n\nService comptabilité\nAgri Loire", html="facture"),
        ),
    ),
    Scene(
        "sav", "mistral", "URGENT véhicule immobilisé — alternateur", labels=("Urgent",),
        steps=(Mail(47, "Bonjour, mon Vito est immobilisé depuis ce matin. Vous avez l'alternateur 0 124 525 050 ? Je peux passer le chercher au comptoir. Chaque heure me coûte… 😬\n\nKarim\n06 00 00 00 00"),),
    ),
    Scene(
        "ventes", "hartley", "Quote request: 40 x W 712/95 oil filters",
        steps=(
            Mail(5 * HOUR, "Hello,\n\nCould you quote 40 x W 712/95 and 20 x C 30 005, delivered to Dover? We would need them by the 3rd.\n\nKind regards,\nEmma Hartley\nHartley Motors Ltd", html="english"),
            Assign(4 * HOUR, "chloe", "chloe"),
            Reply(3 * HOUR, "chloe", "Hello Emma,\n\nBoth are in stock. I am checking the freight and will send the quote before 5 pm your time.\n\nChloé"),
            Mail(64, "Wonderful, thank you Chloé. Please add 10 x 1 457 434 310 if you have them.\n\nEmma\n\nOn Tue, 24 Nov 2026 at 08:12, Chloé Martin wrote:\n> Hello Emma,\n> Both are in stock."),
        ),
    ),
    Scene(
        "ventes", "keller", "Anfrage Bremsscheiben 09.9772.11",
        steps=(Mail(21 * HOUR, "Guten Tag,\n\nhaben Sie 8 Stück 09.9772.11 auf Lager? Wir bräuchten die Ware bis Freitag in Straßburg.\n\nMit freundlichen Grüßen\nJürgen Keller"),),
    ),
    Scene(
        "ventes", "alami", "طلب عرض سعر — فلتر زيت W 712/95",
        steps=(Mail(7 * HOUR, "السلام عليكم،\n\nأحتاج إلى عرض سعر لعشرين فلتر زيت W 712/95 مع الشحن إلى الدار البيضاء.\n\nشكراً جزيلاً\nيوسف العلمي", html="arabic"),),
    ),
    Scene(
        "sav", "quebec", "Retour garantie — pompe à eau",
        labels=("Garantie",),
        steps=(
            Mail(6 * DAY, "Bonjour,\n\nLa pompe 538 0089 10 fuit après 800 km. C'est quoi la procédure de retour ?\n\nMathieu"),
            Assign(6 * DAY - 60, "bruno", "bruno"),
            Reply(6 * DAY - 120, "bruno", "Bonjour Mathieu,\n\nRemplissez la fiche jointe et collez l'étiquette sur le colis. L'avoir part dès réception.\n\nBruno", files=("fiche-retour.pdf",)),
            Mail(3 * DAY, "C'est parti ce matin, merci !\n\nMathieu\n\nLe mer. 18 nov. 2026 à 11 h 54, Bruno Costa a écrit :\n> Bonjour Mathieu,\n> Remplissez la fiche jointe."),
            Resolve(3 * DAY - 40, "bruno"),
        ),
        read_by=("anne", "bruno"),
    ),
    Scene(
        "sav", "lyon", "Peinture livrée dans la mauvaise teinte",
        labels=("SAV", "Livraison"),
        steps=(
            Mail(30 * HOUR, "Bonjour,\n\nVous nous avez livré du LY9B au lieu du LZ9Y (photo jointe). Le client vient chercher sa voiture jeudi.\n\nSophie Bernard", html="photo", files=("teinte.png",)),
            Assign(29 * HOUR, "chloe", "bruno"),
            Note(28 * HOUR, "bruno", "Vu avec le dépôt : inversion d'étiquettes. La bonne teinte part avec la navette de 14 h."),
            Reply(27 * HOUR, "bruno", "Bonjour Sophie, toutes nos excuses : la bonne teinte est dans la navette de 14 h, gardez l'autre pot.\n\nBruno"),
        ),
        read_by=("anne", "bruno"),
    ),
    Scene(
        "sav", "gone", "Relance : pièces 4410-B", labels=("Relance",),
        steps=(
            Mail(9 * DAY, "Bonjour, où en est ma commande de 4410-B ?"),
            Assign(8 * DAY, "anne", "anne"),
            Reply(20 * HOUR, "anne", "Bonjour,\n\nVos pièces sont prêtes au comptoir.\n\nAnne", fails="550 5.1.1 <inconnu@plus-personne.example>: no such mailbox"),
        ),
        read_by=("anne",),
    ),
    Scene(
        "ventes", "long", "Demande de tarif annuel pour l'ensemble de nos dix-sept ateliers, véhicules utilitaires, poids lourds et matériel de manutention, avec conditions de livraison en express (suite à notre entretien téléphonique)",
        labels=("Grand compte", "Devis", "Urgent", "Livraison", "Relance"),
        steps=(Mail(50 * HOUR, "Bonjour,\n\nComme convenu au téléphone, voici notre parc. Nous attendons votre meilleure offre pour les familles filtration, freinage et embrayage.\n\nCordialement,\nLe magasin central", html="tarif", files=("parc-2026.csv", "cahier-des-charges.pdf")),),
    ),
    Scene(
        "sav", "auto2000", "Réponse automatique : Absence du bureau",
        steps=(Mail(23 * HOUR, "Je suis absent jusqu'au 30 novembre. En cas d'urgence, appelez le 04 00 00 00 00.", is_automatic=True),),
    ),
    Scene(
        "sav", "ambulance", "Suivi de flotte, entretiens de novembre", labels=("Grand compte",),
        steps=(
            Mail(15 * DAY, "Bonjour, voici la liste des entretiens prévus. On démarre par le véhicule 12.\n\nLa flotte"),
            Assign(15 * DAY - 30, "anne", "anne"),
            *(
                step
                for turn in range(30)
                for step in (
                    Reply(14 * DAY - turn * 600, "anne", f"Bonjour, les pièces du véhicule {12 + turn} sont prêtes (réf. 0 986 494 {100 + turn})."),
                    Mail(14 * DAY - turn * 600 - 200, f"Merci. Passage mardi pour le véhicule {12 + turn}. Ensuite, le {13 + turn} : plaquettes avant et filtre à huile."),
                )
            ),
        ),
        read_by=("anne", "bruno"),
    ),
    Scene(
        "sav", "fournier", "TR: Réclamation transport, colis 6A 4431 8890 2", labels=("Livraison", "SAV"),
        steps=(
            Mail(2 * DAY + 60, "Bonjour,\n\nVoici la réponse du transporteur, c'est à vous d'ouvrir le litige.\n\nThomas Fournier", html="history"),
            Assign(2 * DAY, "bruno", "bruno"),
            Note(2 * DAY - 20, "bruno", "Litige ouvert sur leur portail, réponse sous 48 h. Je garde la main."),
        ),
        read_by=("anne", "bruno"),
    ),
    Scene(
        "ventes", "btp", "Chantier A7 : filtres et vérins, facturation Agri Loire", labels=("Devis", "Grand compte"),
        steps=(
            Mail(4 * DAY, "Bonjour,\n\nIl nous faut 4 vérins 0 986 AB1 222 et 24 filtres C 30 005 sur le chantier. Facturez Agri Loire, en copie.\n\nL'atelier BTP Sud-Est", cc=("agri",)),
            Assign(4 * DAY - 25, "david", "david"),
            Reply(4 * DAY - 70, "david", "Bonjour,\n\nC'est en stock, sauf deux vérins attendus vendredi. Je vous propose une seule livraison, vendredi matin.\n\nDavid"),
        ),
        read_by=("anne", "david"),
    ),
    Scene(
        "ventes", "agri", "Commande de printemps : le tableau en pièce jointe", labels=("Devis",),
        steps=(Mail(31 * HOUR, "Bonjour,\n\nLe tableau des besoins de nos quatre dépôts est joint. Un seul devis nous arrange.\n\nAgri Loire", files=("besoins-printemps.xlsx",)),),
        read_by=("anne",),
    ),
    Scene(
        "sav", "quebec", "👍 Merci pour la livraison express 🚚💨",
        steps=(
            Mail(5 * DAY, "Commandé lundi soir à Québec, reçu jeudi matin. Bravo à toute l'équipe ! 🎉👏🏽\n\nMathieu"),
            Reply(5 * DAY - 50, "chloe", "Merci Mathieu, on transmet au dépôt ! 🙂\n\nChloé"),
            Resolve(5 * DAY - 45, "chloe"),
        ),
        read_by=("anne", "chloe"),
    ),
    Scene("sav", "btp", "", steps=(Mail(80, "", is_broken=True),)),
)  # fmt: skip
