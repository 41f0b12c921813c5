"""The team's canned replies, and the message templates of the sample numbers, as their providers have approved, refused or not
yet judged them. Pure data."""

# ruff: noqa: E501
from comptoir.channels.chat import TemplateButton, TemplateFound
from comptoir.templates.schemas import NewTemplate

COMPTOIR: tuple[TemplateFound, ...] = (
    TemplateFound(
        external_id="1689556908120001", name="suite_demande", language="fr", category="utility", status="approved", quality="GREEN",
        body="Bonjour {{1}}, nous avons du nouveau pour votre demande : {{2}}. Répondez à ce message pour que nous en parlions.",
        buttons=(TemplateButton(kind="quick_reply", text="Je vous écoute"), TemplateButton(kind="quick_reply", text="Rappelez-moi")),
        examples={"1": "Léa", "2": "plaquettes 0 986 494 123"},
    ),
    TemplateFound(
        external_id="1689556908120002", name="piece_disponible", language="fr", category="utility", status="approved", quality="GREEN",
        is_named=True, header_format="text", header="Votre pièce est arrivée",
        body="Bonjour {{prenom}}, la pièce {{reference}} vous attend au comptoir jusqu'au {{date}}.",
        footer="Pièces Express", buttons=(TemplateButton(kind="url", text="Itinéraire", url="https://pieces-express.example/acces"),),
        examples={"prenom": "Léa", "reference": "0 986 494 123", "date": "vendredi 27"},
    ),
    TemplateFound(
        external_id="1689556908120003", name="suivi_livraison", language="fr", category="utility", status="approved", quality="GREEN",
        body="Votre commande {{1}} est partie ce matin avec {{2}}.",
        buttons=(TemplateButton(kind="url", text="Suivre le colis", url="https://suivi.example/{{1}}", example="6A44318890"),),
        examples={"1": "CMD-8831", "2": "Transports Rhône"},
    ),
    TemplateFound(
        external_id="1689556908120004", name="facture", language="fr", category="utility", status="approved", quality="YELLOW",
        header_format="document", body="Bonjour {{1}}, voici votre facture {{2}}.", examples={"1": "Léa", "2": "FA-1204"},
    ),
    TemplateFound(
        external_id="1689556908120005", name="order_ready", language="en", category="utility", status="approved", quality="GREEN",
        body="Hello {{1}}, your order {{2}} is ready.", examples={"1": "Emma", "2": "CMD-8790"},
    ),
    TemplateFound(
        external_id="1689556908120006", name="pneus_hiver", language="fr", category="marketing", status="approved", quality="RED",
        header_format="image", body="Pneus hiver : {{1}} % jusqu'au 30 novembre.", examples={"1": "15"},
    ),
    TemplateFound(
        external_id="1689556908120007", name="relance_devis", language="fr", category="marketing", status="rejected", reason="INCORRECT_CATEGORY",
        body="Bonjour {{1}}, votre devis {{2}} expire bientôt.", examples={"1": "Thomas", "2": "DV-20431"},
    ),
    TemplateFound(
        external_id="1689556908120008", name="enquete_satisfaction", language="fr", category="utility", status="pending",
        body="Comment s'est passée votre livraison {{1}} ?", examples={"1": "CMD-8831"},
    ),
)  # fmt: skip

ATELIER: tuple[TemplateFound, ...] = (
    TemplateFound(
        external_id="HX00000000000000000000000000000001", name="suite_demande", language="fr", category="utility", status="approved",
        body="Bonjour {{1}}, nous avons du nouveau pour votre demande : {{2}}. Répondez à ce message pour que nous en parlions.",
        examples={"1": "Léa", "2": "réglage des phares"},
    ),
    TemplateFound(
        external_id="HX00000000000000000000000000000002", name="rappel_rendez_vous", language="fr", category="utility", status="approved",
        body="Bonjour {{1}}, l'atelier vous attend le {{2}}.",
        buttons=(TemplateButton(kind="quick_reply", text="Je confirme"), TemplateButton(kind="quick_reply", text="Je reporte")),
        examples={"1": "Karim", "2": "mardi à 9 h"},
    ),
    TemplateFound(
        external_id="HX00000000000000000000000000000003", name="vehicule_pret", language="fr", category="utility", status="pending",
        body="Votre véhicule {{1}} est prêt.", examples={"1": "AB-123-CD"},
    ),
)  # fmt: skip

CANNED: tuple[NewTemplate, ...] = (
    NewTemplate(
        name="Bien reçu", shortcut="recu", category="Politesse", language="fr", is_shared=True,
        body="Bonjour {{contact.first_name|}},\n\nvotre message est bien arrivé ; nous revenons vers vous dans la journée.\n\n{{member.first_name}}",
    ),
    NewTemplate(
        name="Demande d'immatriculation", shortcut="immat", category="Devis", language="fr", is_shared=True,
        body="Bonjour {{contact.first_name|}}, pour être sûrs de la référence, pouvez-vous nous donner l'immatriculation ou les 17 caractères du champ E de la carte grise ?",
    ),
    NewTemplate(
        name="Horaires", shortcut="horaires", category="Comptoir", language="fr", is_shared=True,
        body="Le comptoir est ouvert du lundi au vendredi de 7 h 30 à 18 h 30, le samedi de 8 h à 12 h.",
    ),
    NewTemplate(
        name="Retour sous garantie", shortcut="retour", category="SAV", language="fr", is_shared=True,
        body="Bonjour {{contact.first_name|}}, nous reprenons la pièce : joignez la facture et le bon de retour, puis déposez le tout au comptoir ou confiez-le à notre livreur.",
    ),
    NewTemplate(
        name="Order question", shortcut="order", category="Sales", language="en", is_shared=True,
        body="Hello {{contact.first_name|}}, thank you for your message. Could you give us the order number, so that we can look into it?",
    ),
)  # fmt: skip

TEMPLATES = {"comptoir": COMPTOIR, "atelier": ATELIER}
