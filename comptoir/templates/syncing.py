"""Keep our copy of a number's templates the same as the provider's: a whole list now and then, single changes as they happen."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import select

from comptoir.channels.chat import TemplateChanged, TemplateFound
from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction
from comptoir.templates.models import Template, TemplateKind


class Synced(Struct, frozen=True):
    added: int
    changed: int
    removed: int


def sync(tx: Transaction, channel: Channel, found: Sequence[TemplateFound]) -> Synced:
    """`found` is the provider's whole list: what is no longer in it is no longer offered. What our variables start as stays."""
    known = {
        template.external_id: template
        for template in tx.session.scalars(select(Template).where(Template.channel_id == channel.id))
    }
    added = changed = 0
    for one in {one.external_id: one for one in found}.values():
        template = known.pop(one.external_id, None)
        if template is None:
            tx.add(_new(tx, channel, one))
            added += 1
        elif _take(tx, template, one):
            changed += 1
    gone = [template for template in known.values() if template.archived_at is None]
    for template in gone:
        template.archived_at = tx.now
    if added or changed or gone:
        tx.record("template.synced", channel_id=channel.id, added=added, changed=changed, removed=len(gone))
    return Synced(added, changed, len(gone))


def change(tx: Transaction, channel: Channel, changed: TemplateChanged) -> bool:
    """What the provider just told of one template, for every number of ours that has it; false when none does (a sync is then
    what brings it). `quality`, `category` and `reason` change only where they are named."""
    templates = list(
        tx.session.scalars(
            select(Template)
            .join(Channel, Channel.id == Template.channel_id)
            .where(Template.external_id == changed.external_id, Channel.provider == channel.provider)
        )
    )
    for template in templates:
        before = _facts(template)
        template.status = (changed.status or template.status)[:16]
        template.quality = (template.quality if changed.quality is None else changed.quality)[:16]
        template.category = (changed.category or template.category)[:60]
        if changed.reason is not None:
            template.reason = changed.reason
        elif changed.status == "approved":
            template.reason = ""
        if _facts(template) != before:
            template.changed_at = tx.now
            tx.record("template.changed", channel_id=template.channel_id, template_id=template.id)
    return bool(templates)


def _new(tx: Transaction, channel: Channel, found: TemplateFound) -> Template:
    template = Template(
        kind=TemplateKind.WHATSAPP,
        channel_id=channel.id,
        external_id=found.external_id,
        defaults={},
        uses=0,
        created_at=tx.now,
        changed_at=tx.now,
    )
    _write(template, found)
    return template


def _take(tx: Transaction, template: Template, found: TemplateFound) -> bool:
    before = _facts(template)
    _write(template, found)
    template.archived_at = None
    if _facts(template) == before:
        return False
    template.changed_at = tx.now
    return True


def _write(template: Template, found: TemplateFound) -> None:
    template.name = found.name
    template.language = found.language[:16]
    template.category = found.category[:60]
    template.status = found.status[:16]
    template.quality = found.quality[:16]
    template.reason = found.reason
    template.is_named = found.is_named
    template.header_format = found.header_format[:16]
    template.header = found.header
    template.body = found.body
    template.footer = found.footer
    template.buttons = [msgspec.to_builtins(button) for button in found.buttons]
    template.examples = dict(found.examples)


def _facts(template: Template) -> tuple[object, ...]:
    return (
        template.archived_at,
        template.name,
        template.language,
        template.category,
        template.status,
        template.quality,
        template.reason,
        template.is_named,
        template.header_format,
        template.header,
        template.body,
        template.footer,
        template.buttons,
        template.examples,
    )
