"""The everyday mail of the sample data: what fills the three weeks behind the scenes, and what comes while one watches.

Pure data. In `STORIES`, `{n}` is a number of its own for each mail, so that no two are the same.
"""

# ruff: noqa: E501
from msgspec import Struct


class Everyday(Struct, frozen=True):
    """One customer's question, and the answer it got; an empty answer is none yet."""

    customer: str
    mailbox: str
    subject: str
    text: str
    answer: str = ""


EVERYDAY: tuple[Everyday, ...] = (
    Everyday("btp", "ventes", "Commande de filtres", "Bonjour, merci de nous mettre de côté 6 filtres C 30 005."),
    Everyday("auto2000", "ventes", "Prix embrayage 826 317", "Bonjour, quel est votre prix net pour le kit 826 317 ?", "Bonjour, 186,40 € HT, deux en stock."),
    Everyday("morel", "sav", "Avoir sur FA-1204", "Bonjour, l'avoir de la facture FA-1204 n'apparaît pas sur le relevé.", "Bonjour Léa, il sera sur le relevé de fin de mois."),
    Everyday("mistral", "ventes", "Disponibilité courroie", "La courroie 6PK1873 est-elle disponible aujourd'hui ?", "Oui, elle vous attend au comptoir."),
    Everyday("lyon", "ventes", "Devis DV-20398", "Bonjour, pouvez-vous prolonger le devis DV-20398 d'une semaine ?", "C'est fait, il est valable jusqu'au 30."),
    Everyday("fournier", "sav", "Erreur de référence", "On a reçu 09.9772.10 au lieu de 09.9772.11, comment fait-on ?"),
    Everyday("agri", "ventes", "Batteries tracteurs", "Il nous faut 3 batteries 12 V 180 Ah avant la fin du mois.", "Bonjour, elles partent demain avec la tournée."),
    Everyday("quebec", "ventes", "Frais de port", "Quels sont les frais de port pour un colis de 12 kg ?", "Bonjour Mathieu, 74 € en express, 41 € en standard."),
    Everyday("ambulance", "sav", "Facture manquante", "Nous n'avons pas la facture du BL-8790.", "Bonjour, la voici de nouveau : c'est la FA-1188."),
    Everyday("hartley", "sav", "Credit note", "Could you send the credit note for invoice FA-1177?", "Hello Emma, it went out this morning."),
    Everyday("keller", "ventes", "Liefertermin CMD-8790", "Guten Tag, wann kommt die Lieferung CMD-8790 an?"),
    Everyday("morel", "ventes", "Bougies NGK LZKAR6AP-11", "Vous avez 16 bougies LZKAR6AP-11 pour demain matin ?", "Oui, dans la navette de 8 h."),
    Everyday("auto2000", "sav", "Consigne alternateur", "Nous vous renvoyons trois anciens alternateurs : à quelle adresse ?", "Au dépôt, avec le bon de consigne joint à la facture."),
    Everyday("btp", "sav", "Flexible hydraulique percé", "Le flexible livré mardi fuit au raccord. Échange possible ?", "Oui, le chauffeur vous en apporte un autre demain."),
    Everyday("lyon", "ventes", "Apprêt et durcisseur", "Il nous faut 5 L d'apprêt gris et le durcisseur assorti.", "C'est prêt, passez quand vous voulez."),
    Everyday("agri", "sav", "Relevé de compte d'octobre", "Pouvez-vous nous renvoyer le relevé d'octobre ?"),
    Everyday("fournier", "ventes", "Pare-chocs Clio V", "Délai pour un pare-chocs avant Clio V, à peindre ?", "Trois jours ouvrés, 212 € HT."),
    Everyday("mistral", "sav", "Plaquettes qui sifflent", "Les plaquettes posées lundi sifflent à froid. C'est normal ?", "Les premiers 200 km, oui. Au-delà, revenez nous voir."),
    Everyday("ambulance", "ventes", "Pneus hiver 215/65 R16 C", "Votre prix pour 24 pneus hiver 215/65 R16 C ?", "98 € pièce, montage compris pour vos véhicules."),
    Everyday("hartley", "ventes", "Minimum order", "Is there a minimum order for deliveries to the UK?", "Hello Emma, none; freight is free above £400."),
    Everyday("keller", "sav", "Falscher Artikel erhalten", "Wir haben 4410-A statt 4410-B erhalten. Was nun?", "Guten Tag, 4410-B ist unterwegs, 4410-A holen wir ab."),
    Everyday("morel", "sav", "Horaires du comptoir", "Êtes-vous ouverts samedi matin ?", "Oui, de 8 h à midi."),
    Everyday("quebec", "sav", "Papiers de douane", "Il manque la facture commerciale pour la douane."),
    Everyday("auto2000", "ventes", "Kit distribution KD457.86", "Bonjour, KD457.86 avec pompe à eau, vous avez ?", "Oui, 148 € HT, un en stock."),
    Everyday("btp", "ventes", "Huile 15W40 en fût", "Tarif du fût de 208 L en 15W40 ?", "612 € HT livré, consigne comprise."),
    Everyday("lyon", "sav", "Bon de livraison illisible", "Le BL-8702 est illisible, pouvez-vous le renvoyer ?", "Le voici, bonne réception."),
    Everyday("agri", "ventes", "Courroies de moissonneuse", "Références des courroies pour une Lexion 540 ?", "644 122.1 et 667 251.0, sous cinq jours."),
    Everyday("fournier", "sav", "Double facturation", "FA-1151 et FA-1152 semblent être la même commande.", "Vous avez raison, FA-1152 est annulée."),
    Everyday("mistral", "ventes", "Ampoules H7", "Une boîte de 10 ampoules H7, pour le compte de la société.", "Elle est au comptoir, à votre nom."),
    Everyday("ambulance", "sav", "Rendez-vous de pose", "Peut-on décaler la pose de l'attelage à jeudi ?", "Jeudi 14 h, c'est noté."),
)  # fmt: skip

STORIES: tuple[Everyday, ...] = (
    Everyday("mistral", "ventes", "Alternateur 0 124 525 {n}", "Bonjour, l'alternateur 0 124 525 {n} est-il en stock ? Je suis à dix minutes."),
    Everyday("morel", "sav", "Commande CMD-9{n} : il manque un carton", "Bonjour,\n\nUn carton sur deux pour la commande CMD-9{n}. Le second suit ?"),
    Everyday("fournier", "ventes", "Devis pour véhicule n° {n}", "Bonjour, un prix pour une aile avant droite et un phare, dossier {n} ?"),
    Everyday("hartley", "ventes", "Availability of 0 986 494 {n}", "Hello,\n\nHow many 0 986 494 {n} could you ship this week?"),
    Everyday("agri", "sav", "Facture FA-2{n}", "Bonjour, le montant de la FA-2{n} ne correspond pas au devis."),
    Everyday("btp", "ventes", "Engin {n} immobilisé", "Bonjour, il nous faut d'urgence un démarreur pour l'engin {n}. 🙏"),
    Everyday("keller", "ventes", "Anfrage 09.9{n}.11", "Guten Tag, haben Sie 4 Stück 09.9{n}.11 auf Lager?"),
    Everyday("lyon", "sav", "Retour de peinture, dossier {n}", "Bonjour, je vous renvoie deux pots non ouverts, dossier {n}."),
    Everyday("alami", "ventes", "طلب رقم {n}", "السلام عليكم، متى يصل الطلب رقم {n}؟"),
    Everyday("ambulance", "ventes", "Véhicule {n} : révision des 60 000", "Bonjour, merci de préparer le kit de révision du véhicule {n}."),
    Everyday("quebec", "sav", "Suivi du colis {n}", "Bonjour, le colis {n} est bloqué à Montréal depuis hier. Une idée ?"),
    Everyday("auto2000", "sav", "Garantie batterie, bon {n}", "Bonjour, la batterie du bon {n} ne tient plus la charge après trois mois."),
)  # fmt: skip

# What a customer says to the first, the second ... answer that they get.
ANSWERS = {
    "fr": (
        "Merci pour votre réponse rapide ! Vous pouvez nous livrer avant jeudi ?",
        "Très bien. Dernière question : c'est bien la référence d'origine ?",
        "Parfait, vous pouvez lancer.",
        "C'est noté, bonne journée à toute l'équipe.",
    ),
    "en": (
        "Thank you for the quick answer. Could we have it before Thursday?",
        "Very good. One last question: is it the original part?",
        "Perfect, please go ahead.",
        "Noted, have a good day.",
    ),
    "de": (
        "Vielen Dank für die schnelle Antwort! Ist eine Lieferung bis Donnerstag möglich?",
        "Sehr gut. Ist das die Originalnummer?",
        "Einverstanden, bitte bestellen.",
        "Alles klar, schönen Tag noch.",
    ),
    "ar": (
        "شكراً على الرد السريع. هل يمكن التسليم قبل الخميس؟",
        "ممتاز. هل هي القطعة الأصلية؟",
        "موافق، تفضلوا.",
        "شكراً لكم.",
    ),
}
