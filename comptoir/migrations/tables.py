"""Every model of every room, so that the migrations know the whole schema."""

from comptoir.channels import models as channels
from comptoir.conversations import models as conversations
from comptoir.conversations.bulk import models as bulk
from comptoir.conversations.views import models as views
from comptoir.customers import models as customers
from comptoir.customers.documents import models as documents
from comptoir.customers.imports import models as imports
from comptoir.customers.lookups import models as lookups
from comptoir.foundation import transaction
from comptoir.foundation.jobs import lease
from comptoir.foundation.tables import Table
from comptoir.gateway import models as gateway
from comptoir.labels import models as labels
from comptoir.notifications import models as notifications
from comptoir.privacy import models as privacy
from comptoir.team import models as team
from comptoir.team.tokens import models as tokens
from comptoir.templates import models as templates

ROOMS = (
    bulk,
    channels,
    conversations,
    customers,
    gateway,
    labels,
    lease,
    notifications,
    team,
    templates,
    transaction,
    views,
    documents,
    imports,
    lookups,
    privacy,
    tokens,
)
METADATA = Table.metadata
