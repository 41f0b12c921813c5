"""The templates that a member may use, and one of them made ready to send."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from comptoir.channels.chat import TemplateUse
from comptoir.channels.models import Channel
from comptoir.channels.port import OutgoingFile
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team import access
from comptoir.templates import filling
from comptoir.templates.errors import NotApproved
from comptoir.templates.models import Template, TemplateFile, TemplateKind
from comptoir.templates.schemas import Kind, TemplateFileView, TemplateView, VariableView

# What a WhatsApp variable of that name starts as, until somebody says otherwise.
KNOWN_NAMES = {
    "first_name": "{{contact.first_name}}",
    "prenom": "{{contact.first_name}}",
    "customer_name": "{{contact.name}}",
    "name": "{{contact.name}}",
    "nom": "{{contact.name}}",
    "email": "{{contact.email}}",
    "agent_name": "{{member.first_name}}",
    "company": "{{organisation.name}}",
}


def templates(tx: Transaction, *, kind: Kind | None = None, channel_id: int | None = None) -> list[TemplateView]:
    """Canned replies: everybody's and one's own. WhatsApp's: those of the numbers that one works in or manages, of any status.
    What is used most comes first."""
    wanted = select(Template).where(Template.archived_at.is_(None), _visible(tx))
    if kind is not None:
        wanted = wanted.where(Template.kind == kind)
    if channel_id is not None:
        wanted = wanted.where(Template.channel_id == channel_id)
    found = list(
        tx.session.scalars(wanted.order_by(Template.uses.desc(), Template.name, Template.language, Template.id))
    )
    files = _files(tx, [template.id for template in found])
    return [_view(tx, template, files.get(template.id, [])) for template in found]


def view(tx: Transaction, template: Template) -> TemplateView:
    return _view(tx, template, _files(tx, [template.id]).get(template.id, []))


def find(tx: Transaction, template_id: int) -> Template:
    """One that this member may use; else NotFound."""
    template = tx.session.scalar(
        select(Template).where(Template.id == template_id, Template.archived_at.is_(None), _visible(tx))
    )
    if template is None:
        raise NotFound
    return template


def use(
    tx: Transaction,
    template_id: int,
    *,
    channel_id: int,
    values: Mapping[str, str],
    header_values: Mapping[str, str] | None = None,
    button_values: Mapping[int, str] | None = None,
    has_header_file: bool = False,
    header_file: OutgoingFile | None = None,
) -> TemplateUse:
    """An approved template of that number with every value that it wants; raises a Problem that names what is wrong.
    `has_header_file` stands for a file whose bytes are not read yet."""
    template = find(tx, template_id)
    if template.channel_id != channel_id:
        raise NotFound
    if template.status != "approved":
        raise NotApproved(name=template.name)
    return filling.checked(
        TemplateUse(
            found=template.found,
            values=values,
            header_values=header_values or {},
            button_values=button_values or {},
            header_file=header_file,
        ),
        has_header_file=has_header_file or header_file is not None,
    )


def by_shortcut(tx: Transaction, shortcut: str, member_id: int | None) -> tuple[int, str] | None:
    """The canned reply, by id and name, that the owner of another one (null: everybody) could mean by this shortcut."""
    whose = "" if member_id is None else " OR member_id = :member"
    found = tx.row(
        f"SELECT id, name FROM templates WHERE shortcut = :shortcut AND archived_at IS NULL AND (member_id IS NULL{whose})",
        shortcut=shortcut,
        member=member_id,
    )
    return None if found is None else (found[0], found[1])


def files(tx: Transaction, template_id: int) -> list[TemplateFile]:
    return list(
        tx.session.scalars(
            select(TemplateFile).where(TemplateFile.template_id == template_id).order_by(TemplateFile.id)
        )
    )


def variables_of(template: Template) -> list[VariableView]:
    """Everything to fill in: the header's marks, the body's, then the buttons that want a value."""
    found = template.found
    wanted = [
        _variable(template, place, variable)
        for place, text in (("header", found.header), ("body", found.body))
        for variable in filling.variables(text)
    ]
    buttons = [
        VariableView(
            place="button",
            key=str(index),
            label=found.buttons[index].text,
            default=template.defaults.get(f"button:{index}", ""),
            example=found.buttons[index].example,
        )
        for index in filling.wanting_buttons(found.buttons)
        if found.buttons[index].kind != "otp"
    ]
    return [*wanted, *buttons]


def _variable(template: Template, place: str, variable: filling.Variable) -> VariableView:
    default = variable.default
    if not template.is_canned:
        default = template.defaults.get(f"{place}:{variable.name}", KNOWN_NAMES.get(variable.name, ""))
    return VariableView(
        place=place,  # type: ignore[arg-type]
        key=variable.name,
        label=variable.name,
        default=default,
        example=template.examples.get(variable.name, ""),
    )


def _visible(tx: Transaction) -> ColumnElement[bool]:
    """A canned reply of everybody's or one's own; a template of a connected number that one works in or manages."""
    canned = and_(
        Template.kind == TemplateKind.CANNED,
        or_(Template.member_id.is_(None), Template.member_id == tx.actor.id),
    )
    numbers = select(Channel.id).where(Channel.disconnected_at.is_(None))
    if not access.can_manage(tx.actor):
        numbers = numbers.where(Channel.id.in_(tx.actor.channel_ids or ()))
    return or_(canned, Template.channel_id.in_(numbers))


def _files(tx: Transaction, template_ids: Sequence[int]) -> dict[int, list[TemplateFileView]]:
    found: dict[int, list[TemplateFileView]] = {}
    wanted = select(TemplateFile).where(TemplateFile.template_id.in_(template_ids)).order_by(TemplateFile.id)
    for file in tx.session.scalars(wanted) if template_ids else ():
        found.setdefault(file.template_id, []).append(TemplateFileView(file.id, file.name, file.media_type, file.size))
    return found


def _view(tx: Transaction, template: Template, files: list[TemplateFileView]) -> TemplateView:
    found = template.found
    return TemplateView(
        id=template.id,
        kind=template.kind,  # type: ignore[arg-type]
        name=template.name,
        language=template.language,
        category=template.category,
        body=template.body,
        shortcut=template.shortcut,
        member_id=template.member_id,
        channel_id=template.channel_id,
        status=template.status,
        quality=template.quality,
        reason=template.reason,
        header_format=template.header_format,
        header=template.header,
        footer=template.footer,
        buttons=list(found.buttons),
        variables=variables_of(template),
        needs_file=filling.needs_file(found),
        files=files,
        uses=template.uses,
        changed_at=template.changed_at,
        may_edit=template.is_canned and (access.can_manage(tx.actor) or template.member_id == tx.actor.id),
    )
