"""What a newcomer does on a customer's phone, passed on to the emulated world."""

from comptoir.demo import props
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said
from comptoir.demo.phone.schemas import NewPhoneMessage
from comptoir.demo.phone.switchboard import Line, Switchboard
from comptoir.foundation.errors import NotFound, Problem

GARAGE = (45.7578, 4.832, "Garage Morel", "12 quai des Pièces, Lyon")


class NothingSaid(Problem):
    status = 422
    code = "empty_message"
    fr = "Écrivez quelque chose, ou joignez un fichier."
    en = "Write something, or attach a file."


def player(board: Switchboard, key: str, channel_id: int) -> tuple[Line, Person]:
    """A customer, and the number they talk to; else NotFound."""
    assert board.emulator
    line = next((line for line in board.lines if line.channel_id == channel_id), None)
    person = board.people.get(key)
    if line is None or person is None:
        raise NotFound
    return line, person


def message(board: Switchboard, line: Line, person: Person, id: str) -> Said:
    """One message of that chat; else NotFound."""
    said = board.emulator.world.said.get(id)
    if said is None or said.number is not line.number or said.person is not person:
        raise NotFound
    return said


def say(board: Switchboard, line: Line, person: Person, given: NewPhoneMessage) -> None:
    acting = board.emulator.acting
    match given.sample:
        case "photo":
            media_type, content = props.file("disque.png")
            acting.send_file(
                line.number,
                person,
                content,
                media_type,
                name="photo.png",
                caption=given.text,
                quoted_id=given.quoted_id,
            )
        case "voice":
            media_type, content = props.file("vocal.ogg")
            acting.send_file(
                line.number, person, content, media_type, name="vocal.ogg", is_voice=True, quoted_id=given.quoted_id
            )
        case "place":
            latitude, longitude, name, address = GARAGE
            acting.send_place(line.number, person, latitude, longitude, name=name, address=address)
        case _:
            if not given.text.strip():
                raise NothingSaid
            acting.say(line.number, person, given.text, quoted_id=given.quoted_id)
