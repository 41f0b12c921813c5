"""The post office as a fixture."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.post_office import PostOffice
from tests.house import House
from tests.rig.mail_server import MailServer


@pytest.fixture
async def office(house: House, mail_server: MailServer) -> AsyncIterator[PostOffice]:
    """Connected and closed: `await office.open()` starts watching and sending."""
    office = PostOffice(house, mail_server)
    yield office
    await office.close()
