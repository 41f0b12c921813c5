"""What a customer sees on WhatsApp: their chats, and one of them, as the emulated world has it now."""

from datetime import timedelta

from comptoir.demo.cast import CUSTOMERS
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said, World
from comptoir.demo.phone.schemas import (
    PhoneChat,
    PhoneChatLine,
    PhoneFile,
    PhoneMessage,
    PhonePerson,
    PhonePlace,
    PhoneQuote,
)
from comptoir.demo.phone.switchboard import Line, Switchboard

TYPING_LASTS = timedelta(seconds=25)
MOST = 200
ARRIVED = ("delivered", "read", "played")


def people(board: Switchboard) -> list[PhonePerson]:
    """Who can be played: those with a phone first, each with a line for every number."""
    world = board.emulator.world
    found = [
        PhonePerson(
            key=key,
            name=customer.name,
            phone=f"+{customer.phone}" if customer.phone else "",
            address=customer.address,
            chats=[_line(world, line, board.people[key]) for line in board.lines] if key in board.people else [],
        )
        for key, customer in CUSTOMERS.items()
        if key != "gone"
    ]
    return sorted(found, key=lambda person: not person.phone)


def chat(board: Switchboard, line: Line, key: str) -> PhoneChat:
    world, person = board.emulator.world, board.people[key]
    until = world.window_until(line.number, person)
    typed = world.typing.get((line.number.id, person.key))
    return PhoneChat(
        channel_id=line.channel_id,
        name=line.name,
        phone=line.number.phone,
        can_react=line.number.provider == "meta",
        open_until=until - world.clock.ahead if until is not None and until > world.clock() else None,
        is_typing=typed is not None and world.clock() - typed < TYPING_LASTS,
        messages=[_message(world, key, line, said) for said in _shown(world, line, person)[-MOST:]],
    )


def _line(world: World, line: Line, person: Person) -> PhoneChatLine:
    shown = _shown(world, line, person)
    last = shown[-1] if shown else None
    return PhoneChatLine(
        channel_id=line.channel_id,
        name=line.name,
        preview=(last.text or (last.file.name if last.file else "")) if last else "",
        preview_kind="voice" if last and last.is_voice else last.kind if last else "",
        is_mine=last is not None and last.by == "customer",
        at=last.at - world.clock.ahead if last else None,
        unread=sum(said.by == "business" and said.state == "delivered" for said in shown),
    )


def _shown(world: World, line: Line, person: Person) -> list[Said]:
    """What the customer wrote, and what has arrived with them."""
    return [said for said in world.chat(line.number, person) if said.by == "customer" or said.state in ARRIVED]


def _message(world: World, key: str, line: Line, said: Said) -> PhoneMessage:
    quoted = world.said.get(said.quoted_id)
    place = said.extra.get("location")
    return PhoneMessage(
        id=said.id,
        by=said.by,
        at=said.at - world.clock.ahead,
        kind=said.kind,
        text=said.text,
        state=said.state or "sent",
        is_voice=said.is_voice,
        is_revoked=said.is_revoked,
        file=_file(key, line, said),
        quoted=PhoneQuote(quoted.by, quoted.text or (quoted.file.name if quoted.file else "")) if quoted else None,
        place=PhonePlace(float(place["latitude"]), float(place["longitude"])) if place else None,
        header=said.header,
        footer=said.footer,
        buttons=list(said.buttons),
        mine=said.reactions.get("customer", ""),
        theirs=said.reactions.get("business", ""),
    )


def _file(key: str, line: Line, said: Said) -> PhoneFile | None:
    if said.file is None:
        return None
    url = f"/api/demo/phone/{key}/chats/{line.channel_id}/messages/{said.id}/file"
    return PhoneFile(said.id, said.file.name, said.file.plain_type, url)
