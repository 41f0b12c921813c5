"""Write canned replies: one's own, or everybody's. The words of WhatsApp's templates are the provider's; only what their
variables start as is ours."""

from collections.abc import Mapping

from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team import access
from comptoir.templates import filling, queries
from comptoir.templates.errors import NotCanned, ShortcutTaken, UnknownField
from comptoir.templates.models import Template, TemplateFile, TemplateKind
from comptoir.templates.schemas import ChangeTemplate, NewTemplate


def create(tx: Transaction, given: NewTemplate) -> Template:
    if given.is_shared:
        access.require_manager(tx.actor)
    template = Template(
        kind=TemplateKind.CANNED,
        name=given.name.strip(),
        language=given.language,
        category=given.category.strip(),
        body=given.body,
        shortcut=given.shortcut or None,
        member_id=None if given.is_shared else tx.actor.id,
        status="",
        quality="",
        reason="",
        is_named=True,
        header_format="",
        header="",
        footer="",
        buttons=[],
        examples={},
        defaults={},
        uses=0,
        created_at=tx.now,
        changed_at=tx.now,
    )
    _check_fields(template.body)
    _check_shortcut(tx, template)
    tx.add(template)
    tx.record("template.created", template_id=template.id)
    return template


def change(tx: Transaction, template: Template, given: ChangeTemplate) -> None:
    _require_own(tx, template)
    before = _facts(template)
    for field in ("name", "body", "category", "language"):
        value = getattr(given, field)
        if value is not None:
            setattr(template, field, value if field == "body" else value.strip())
    if given.shortcut is not None:
        template.shortcut = given.shortcut or None
    if given.is_shared is not None and given.is_shared != (template.member_id is None):
        access.require_manager(tx.actor)
        template.member_id = None if given.is_shared else tx.actor.id
    if _facts(template) == before:
        return
    with tx.session.no_autoflush:
        _check_fields(template.body)
        _check_shortcut(tx, template)
    template.changed_at = tx.now
    tx.record("template.changed", template_id=template.id)


def archive(tx: Transaction, template: Template) -> None:
    """No longer offered; its shortcut is free again."""
    _require_own(tx, template)
    if template.archived_at is not None:
        return
    template.archived_at = tx.now
    tx.record("template.archived", template_id=template.id)


def attach(
    tx: Transaction, template: Template, *, name: str, media_type: str, size: int, file_key: str
) -> TemplateFile:
    """A file whose bytes are already kept goes with this canned reply from now on."""
    _require_own(tx, template)
    file = TemplateFile(template_id=template.id, name=name, media_type=media_type, size=size, file_key=file_key)
    tx.add(file)
    template.changed_at = tx.now
    tx.record("template.changed", template_id=template.id)
    return file


def detach(tx: Transaction, template: Template, file_id: int) -> None:
    _require_own(tx, template)
    file = tx.session.get(TemplateFile, file_id)
    if file is None or file.template_id != template.id:
        raise NotFound
    tx.remove(file)
    template.changed_at = tx.now
    tx.record("template.changed", template_id=template.id)


def set_defaults(tx: Transaction, template: Template, defaults: Mapping[str, str]) -> None:
    """What the variables of a WhatsApp template start as. By place and name ("body:1"): a header's {{1}} is not
    the body's. Blank ones, and those that it does not have, are dropped."""
    access.require_manager(tx.actor)
    known = {f"{variable.place}:{variable.key}" for variable in queries.variables_of(template)}
    kept = {name: words for name, words in defaults.items() if words.strip() and name in known}
    for words in kept.values():
        _check_fields(words)
    if kept == template.defaults:
        return
    template.defaults = kept
    template.changed_at = tx.now
    tx.record("template.changed", template_id=template.id)


def count_use(tx: Transaction, template_id: int) -> None:
    """What is used most is offered first. Nobody needs to hear of it at once: no event."""
    tx.execute("UPDATE templates SET uses = uses + 1 WHERE id = :id", id=template_id)


def _require_own(tx: Transaction, template: Template) -> None:
    if not template.is_canned:
        raise NotCanned
    if template.member_id is None or template.member_id != tx.actor.id:
        access.require_manager(tx.actor)


def _facts(template: Template) -> tuple[object, ...]:
    return (
        template.name,
        template.body,
        template.category,
        template.language,
        template.shortcut,
        template.member_id,
    )


def _check_fields(text: str) -> None:
    for variable in filling.variables(text):
        if variable.name not in filling.FIELDS:
            raise UnknownField(field=variable.name)


def _check_shortcut(tx: Transaction, template: Template) -> None:
    """Unique among what one member could mean by it: everybody's, and their own."""
    if template.shortcut is None:
        return
    template.shortcut = template.shortcut.casefold()
    taken = queries.by_shortcut(tx, template.shortcut, template.member_id)
    if taken is not None and taken[0] != template.id:
        raise ShortcutTaken(shortcut=template.shortcut, name=taken[1])
