"""The message templates of the sample numbers, as their providers have approved, refused or not yet judged them. Pure data."""

# ruff: noqa: E501
from comptoir.channels.chat import TemplateButton, TemplateFound

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

TEMPLATES = {"comptoir": COMPTOIR, "atelier": ATELIER}
