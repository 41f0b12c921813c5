"""What a screen reader or a keyboard would trip over, according to axe-core."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"


def slips(page: Page) -> list[str]:
    """One line for each violation on the screen as it is now."""
    page.evaluate(_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{slip['id']}: {[node['html'][:160] for node in slip['nodes']]}" for slip in found["violations"]]


@cache
def _source() -> str:
    return AXE.read_text()
