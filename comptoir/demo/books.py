"""The company's books in the sample data: whose people they are who write, and the orders, quotes, invoices and deliveries of each.

Pure data. Some who write are on no file, and one of them is suggested by a domain.
"""

# ruff: noqa: E501
from msgspec import Struct


class Paper(Struct, frozen=True):
    """A document. `ago`: days before the curtain."""

    kind: str
    number: str
    ago: int
    state: str
    total: float | None = None


class File(Struct, frozen=True):
    """`people`: keys of the cast, or a name and an address of somebody who has not written yet. `notes`: who wrote what."""

    code: str
    name: str
    people: tuple[str | tuple[str, str], ...]
    owner: str
    papers: tuple[Paper, ...]
    country: str = "FR"
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


FILES: tuple[File, ...] = (
    File(
        "EX-0412", "Garage Morel SARL", ("morel", ("Julien Morel (atelier)", "atelier@garage-morel.example")), "anne",
        tags=("Garage", "Compte ouvert"),
        fields=(("Remise", "12 %"), ("Tournée", "Lyon Nord, 8 h"), ("Règlement", "30 jours fin de mois")),
        notes=(("chloe", "Trois colis ouverts ce mois-ci : demander un emballage renforcé au transporteur."),),
        papers=(
            Paper("order", "CMD-8831", 4, "Livrée, incomplète", 412.36), Paper("delivery", "BL-8831", 3, "Livré"),
            Paper("invoice", "FA-1204", 9, "À échoir", 318.90), Paper("quote", "DV-20455", 1, "En attente", 146.40),
            Paper("order", "CMD-8702", 24, "Soldée", 1280.00), Paper("delivery", "BL-8702", 23, "Livré"),
            Paper("invoice", "FA-1098", 40, "Payée", 1280.00),
        ),
    ),
    File(
        "EX-0398", "Carrosserie Fournier", ("fournier",), "anne", tags=("Carrosserie",),
        fields=(("Remise", "15 %"), ("Règlement", "30 jours")),
        papers=(
            Paper("quote", "DV-20431", 2, "Envoyé", 604.80), Paper("order", "CMD-8744", 18, "Soldée", 212.00),
            Paper("invoice", "FA-1151", 16, "Payée", 212.00), Paper("invoice", "FA-1152", 16, "Annulée", 212.00),
        ),
    ),
    File(
        "EX-0077", "Agri Loire", ("agri", ("Gilles Perret (parc)", "parc@agri-loire.example")), "david", tags=("Grand compte", "Agricole"),
        fields=(("Remise", "18 %"), ("Règlement", "45 jours fin de mois")),
        papers=(
            Paper("invoice", "FA-1190", 17, "Réglée par virement", 1842.50), Paper("delivery", "BL-8655", 19, "Livré"),
            Paper("order", "CMD-8655", 21, "Soldée", 1842.50), Paper("order", "CMD-8840", 2, "En préparation", 537.00),
        ),
    ),
    File(
        "EX-0205", "BTP Sud-Est", ("btp",), "david", tags=("Travaux publics",), fields=(("Remise", "10 %"),),
        papers=(Paper("order", "CMD-8819", 6, "Livrée", 612.00), Paper("delivery", "BL-8819", 5, "Livré"), Paper("quote", "DV-20447", 3, "Envoyé", 2310.00)),
    ),
    File(
        "EX-0521", "Taxi Mistral", ("mistral",), "chloe", tags=("Taxi", "Urgences"), fields=(("Véhicule", "Mercedes Vito 116 CDI"), ("Règlement", "Comptant")),
        papers=(Paper("order", "CMD-8836", 1, "À retirer au comptoir", 389.00), Paper("invoice", "FA-1201", 11, "Payée", 74.20)),
    ),
    File(
        "EX-0334", "Carrosserie Bellecour", ("lyon",), "chloe", tags=("Carrosserie",), fields=(("Remise", "15 %"),),
        papers=(
            Paper("quote", "DV-20398", 20, "Prolongé", 268.00), Paper("order", "CMD-8827", 5, "Livrée", 184.60),
            Paper("delivery", "BL-8827", 4, "Livré"), Paper("invoice", "FA-1198", 4, "À échoir", 184.60),
        ),
    ),
    File(
        "EX-0610", "Mécanique Tremblay inc.", ("quebec",), "anne", country="CA", tags=("Export",), fields=(("Incoterm", "DAP Québec"),),
        papers=(Paper("order", "CMD-8760", 13, "Expédiée", 933.00), Paper("delivery", "BL-8760", 12, "En douane"), Paper("invoice", "FA-1187", 12, "Payée", 933.00)),
    ),
    File(
        "EX-0159", "Ambulances du Val", ("ambulance",), "david", tags=("Flotte",), fields=(("Véhicules", "14"),),
        papers=(Paper("delivery", "BL-8790", 10, "Livré"), Paper("invoice", "FA-1188", 10, "À échoir", 2352.00), Paper("quote", "DV-20460", 1, "Envoyé", 2352.00)),
    ),
    File(
        "EX-0003", "Établissements Delacroix-Montferrand Père, Fils & Associés", ("long",), "anne", tags=("Grand compte",),
        fields=(("Remise", "20 %"), ("Centrale d’achat", "Groupement des négociants indépendants du Grand Est")),
        papers=(Paper("quote", "DV-20401", 15, "Envoyé", 18_460.75), Paper("order", "CMD-8611", 60, "Soldée", 9120.00), Paper("invoice", "FA-1033", 55, "Payée", 9120.00)),
    ),
    # Whoever writes for them is on no file: their domain suggests this one.
    File(
        "EX-0288", "Auto 2000", (("Nathalie Roche", "direction@auto2000.example"),), "chloe", tags=("Garage",), fields=(("Remise", "12 %"),),
        papers=(Paper("order", "CMD-8805", 8, "Soldée", 186.40), Paper("invoice", "FA-1195", 7, "À échoir", 186.40)),
    ),
)  # fmt: skip
