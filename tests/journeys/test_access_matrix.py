"""Every endpoint x every role and scope: what a member may not see is not found, and no byte of it is in any answer.

The endpoints are those of the API's own document. One that names a conversation, a message or a file in its address is
asked for a hidden one; every other is listed here, as one whose answers are searched or as one that has nothing to do with
conversations: an endpoint that is in no list fails the test.
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.channels.models import ChannelMember
from comptoir.conversations import assigning
from comptoir.conversations.models import Attachment, Conversation
from comptoir.foundation.transaction import Transaction
from comptoir.labels import editing as labels
from comptoir.team import grouping, signing_in
from comptoir.team.models import Member
from tests.house import Clock, House, Served, furnish, incoming_mail
from tests.journeys.following import Follower

SECRET = "crécerelle"  # in every word of the hidden conversations: subject, text, file
PEOPLE = {"address": "nadia@discret.example", "name": "Nadia Verrier"}

# What to send where a body or a query is needed, so that only the access can refuse it.
REPLY = {"client_id": "access-matrix", "text": "Bonjour", "to": [{"address": "lea@garage-morel.example"}]}
BODIES: dict[str, dict[str, Any]] = {
    "addNote": {"client_id": "access-note", "text": "Vu"},
    "assign": {"member_id": 1},
    "assignTeam": {"team_id": 1},
    "keepDraft": {"content": {"text": "Bonjour"}, "version": 0},
    "moveMessage": {"conversation_id": 1},
    "present": {"tab": "access-matrix", "doing": "looking"},
    "prioritize": {"priority": "high"},
    "react": {"emoji": "👍"},
    "readUpTo": {"message_id": 1},
    "reply": REPLY,
    "reschedule": {"local": "2026-12-24T09:00:00"},
    "snooze": {},
}
QUERIES = {"leave": {"tab": "access-matrix"}}

# Those whose answers could hold a conversation, and how to make them show it.
SEARCHED: dict[str, list[dict[str, Any]]] = {
    "conversations": [
        {"tab": tab, "status": status}
        for tab, status in itertools.product(("all", "unassigned", "mine"), ("open", "any", "resolved"))
    ],
    "counts": [{"status": "any"}],
    "search": [{"q": SECRET}, {"q": "cre"}, {"q": "in:all " + SECRET}],
    "changes": [{"after": 0}],
    "suggestRecipients": [{"q": "nadia"}, {"q": "verrier"}],
    "draftMarks": [{}],
    "mutes": [{}],
    "blockedSenders": [{}],
    "start": [{}],
    "members": [{}],
    "teams": [{}],
    "labels": [{}],
    "templates": [{}],
    "channels": [{}],
    "snoozeChoices": [{}],
    "views": [{}],
    "viewCounts": [{}],
    "bulks": [{}],
    "notifications": [{}],
    "notificationChoices": [{}],
}

# The directory is everybody's: who there is, not what was said.
DIRECTORY: dict[str, dict[str, Any]] = {
    "customers": {"q": "Verrier"},
    "searchCustomers": {"q": "Verrier"},
    "searchContacts": {"q": "Nadia"},
    "customer": {},
    "customerConversations": {},
    "customerFigures": {},
    "customerDuplicates": {},
    "contact": {},
    "reachable": {"q": "Nadia"},
    "documents": {},
}
# The law wants everything that is held on somebody: managers hand it out, and each time is written down. Others may not.
BY_LAW = {"exportData", "eraseData", "dataRequests", "dataRequest", "dataArchive", "retryDataRequest"}

# Nothing of a conversation goes in, nothing comes out: sessions, settings, the providers' own doors, the demo's toys.
ELSEWHERE = {
    *("health", "signIn", "signOut", "setUp", "invitation", "acceptInvitation", "remoteImage"),
    *("changeMe", "changePassword", "changeSignature", "invite", "inviteAgain", "changeMember"),
    *("createTeam", "changeTeam", "archiveTeam", "restoreTeam", "addTeamMember", "removeTeamMember"),
    *("createLabel", "changeLabel", "archiveLabel", "restoreLabel", "mergeLabel"),
    *("createTemplate", "changeTemplate", "archiveTemplate", "setTemplateDefaults", "syncTemplates"),
    *("attachToTemplate", "detachFromTemplate", "takeTemplate", "upload"),
    *("connectChannel", "testChannel", "guessChannel", "changeChannel", "disconnectChannel", "recallChannel"),
    *("stopRecallingChannel", "addChannelMember", "removeChannelMember"),
    *("connectNumber", "testNumber", "changeNumber", "checkNumber"),
    *("fillWithDemo", "clearDemo", "phoneBook", "phoneChat", "phoneFile", "phoneMails", "turnPhoneClock"),
    *("lookup", "lookUp", "connectLookup", "disconnectLookup", "testLookup"),
    *("findInErp", "takeFromErp"),
    *("createView", "changeView", "deleteView", "arrangeViews", "undoBulk"),
    *("readNotifications", "chooseNotifications", "subscribeToPush", "unsubscribeFromPush"),
    *("tokens", "issueToken", "revokeToken", "putCustomer", "putCustomers", "customerByCode"),
    *(
        "createCustomer",
        "changeCustomer",
        "archiveCustomer",
        "restoreCustomer",
        "noteOnCustomer",
        "removeNoteOnCustomer",
    ),
    *("createContact", "changeContact", "linkContact", "unlinkContact", "addIdentity", "removeIdentity"),
    *("mergeContact", "previewContactMerge", "mergeCustomer", "previewCustomerMerge", "undoMerge", "refuseSuggestions"),
    *("reopenWithin", "sendTimes", "documentByNumber", "putDocument", "putDocuments", "dropDocument"),
    *("imports", "import", "importTroubles", "takeImport", "nameColumns", "previewImport", "startImport", "stopImport"),
    *("sayOnPhone", "sendFileOnPhone", "pressOnPhone", "playOnPhone", "reactOnPhone", "readOnPhone", "mailOnPhone"),
}
# Asked in a test of their own below, or elsewhere: what they may not touch is in their body.
NAMED_INSIDE = {"startConversation", "beginBulk", "unblockSender"}

# Not found by anybody here: the file is no mail and no invitation, the mail was not read from a mailbox.
NEEDS_ANOTHER_FILE = {
    *("attachedMail", "attachedMailBody", "attachedMailFile", "calendarInvitation"),
    *("messageSource", "sourceText", "envelope"),
}

NAMES_ONE = ("conversation_id", "message_id", "attachment_id")


@dataclass
class Scene:
    """`hidden`: for each viewer, what they must not see; `seen`: the same for whom everything is open."""

    house: House
    served: Served
    viewers: dict[str, httpx.Client] = field(default_factory=dict)
    hidden: dict[str, dict[str, int]] = field(default_factory=dict)
    operations: dict[str, tuple[str, str]] = field(default_factory=dict)
    directory: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def scene(served: Served) -> Iterator[Scene]:
    """Five who see less: an owner and a member who do not work in the mailbox, one without any, one who sees their team's, one
    who sees their own."""
    house = House(served.services, Clock(datetime.now(UTC)))
    served.services.database.write_now(lambda tx: furnish(tx, house))
    house.write(lambda tx: labels.create(tx, name="Devis"), by=house.anne)
    made = Scene(house, served)
    elsewhere = hide(house, house.achats.id)
    of_others, of_nobody = hide(house, house.sav.id, team="Compta"), hide(house, house.sav.id)
    for name, role, scope, channel, hidden in (
        ("anne", "owner", "all", house.sav.id, elsewhere),
        ("admin", "admin", "all", house.sav.id, elsewhere),
        ("bruno", "member", "all", house.sav.id, elsewhere),
        ("nobody", "member", "all", None, of_nobody),
        ("team", "member", "team", house.sav.id, of_others),
        ("own", "member", "own", house.sav.id, of_nobody),
    ):
        email = f"{name}@pieces.example"
        house.write(lambda tx, e=email, r=role, s=scope, c=channel: join(tx, e, r, s, c))  # type: ignore[misc]
        made.viewers[name] = served.client(email)
        made.hidden[name] = hidden
    made.viewers["chloe"] = served.client("chloe@pieces.example")
    document = made.viewers["anne"].get("/api/docs/openapi.json").json()
    for path, methods in document["paths"].items():
        made.operations |= {one["operationId"]: (method.upper(), path) for method, one in methods.items()}
    made.directory = file(made)
    yield made
    for client in made.viewers.values():
        client.close()


def file(scene: Scene) -> dict[str, int]:
    """Whoever writes in the hidden conversations has a customer file."""
    contact_id = scene.house.conversation(scene.hidden["own"]["conversation_id"]).contact_id
    assert contact_id is not None
    created = scene.viewers["chloe"].post("/api/customers", json={"name": "Garage Verrier"})
    assert created.status_code == 201, created.text
    customer_id = created.json()["id"]
    linked = scene.viewers["chloe"].put(f"/api/contacts/{contact_id}/customer", json={"customer_id": customer_id})
    assert linked.status_code < 300, linked.text
    return {"contact_id": contact_id, "customer_id": customer_id}


def hide(house: House, channel_id: int, team: str = "") -> dict[str, int]:
    """A conversation full of the secret word, with a file, a note, labels; given to a colleague and their team where one is named."""

    def fill(tx: Transaction, conversation_id: int, message_id: int) -> int:
        file = Attachment(
            message_id=message_id,
            name=f"{SECRET}.txt",
            media_type="text/plain",
            size=len(SECRET),
            file_key=house.services.files.put(SECRET.encode()),
            content_id="",
            is_inline=False,
            created_at=tx.now,
        )
        tx.add(file)
        if team:  # the first: teams/1, labels/1 and members/1 are there for every address
            made = grouping.create(tx, name=team)
            grouping.add_member(tx, made, house.chloe.id)
            conversation = tx.find(Conversation, conversation_id)
            assigning.assign_team(tx, conversation, team_id=made.id)
            assigning.assign(tx, conversation, member_id=house.chloe.id)
        return file.id

    mail = secret_mail(house)
    landed = house.receive(house.sav if channel_id == house.sav.id else house.achats, **mail)
    message_id = house.read(
        lambda tx: tx.value("SELECT max(id) FROM messages WHERE conversation_id = :id", id=landed.conversation_id)
    )
    attachment_id = house.write(lambda tx: fill(tx, landed.conversation_id, message_id))
    return {"conversation_id": landed.conversation_id, "message_id": message_id, "attachment_id": attachment_id}


def secret_mail(house: House) -> dict[str, Any]:
    sender = type(incoming_mail(house.clock()).sender)(**PEOPLE)
    return {
        "sender": sender,
        "subject": f"Dossier {SECRET}",
        "text": f"Le {SECRET} en stock ?",
        "html": f"<p>{SECRET}</p>",
    }


def join(tx: Transaction, email: str, role: str, scope: str, channel_id: int | None) -> None:
    member = tx.session.query(Member).filter_by(email=email).one_or_none()
    if member is None:
        member = signing_in.new_member(tx, email=email, role=role, language="fr")
        member.name = email.partition("@")[0].title()
        member.password_hash = tx.value("SELECT password_hash FROM members LIMIT 1")
        tx.add(member)
        if channel_id:
            tx.add(ChannelMember(channel_id=channel_id, member_id=member.id))
    member.role, member.scope = role, scope


def address(path: str, ids: dict[str, int]) -> str:
    filled = path
    for name, value in ids.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    for name, value in {"label_id": 1, "member_id": 1, "mode": "reply", "index": 0, "team_id": 1}.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    assert "{" not in filled, f"what to put into {path}?"
    return filled


def names_one(path: str) -> bool:
    return any(f"{{{name}}}" in path for name in NAMES_ONE)


def test_access_matrix(scene: Scene) -> None:
    known = {*SEARCHED, *DIRECTORY, *BY_LAW, *ELSEWHERE, *NAMED_INSIDE}
    unknown = {id for id, (_, path) in scene.operations.items() if not names_one(path) and id not in known}
    assert not unknown, f"say in this file what {sorted(unknown)} may show to whom"
    for viewer in scene.hidden:
        nothing_by_its_address(scene, viewer)
        nothing_in_lists(scene, viewer)
        nothing_said_in_the_directory(scene, viewer)
    untouched = scene.house.conversation(scene.hidden["own"]["conversation_id"])
    assert (untouched.status, untouched.assignee_id, untouched.team_id) == ("open", None, None)
    assert scene.house.read(lambda tx: tx.value("SELECT count(*) FROM messages WHERE kind = 'note'")) == 0
    everything = {ids["conversation_id"] for ids in scene.hidden.values()}
    assert everything <= shown_to(scene.viewers["chloe"]), "she works everywhere and sees all: the questions were right"
    the_same_requests_reach_what_one_may_see(scene)


def nothing_by_its_address(scene: Scene, viewer: str) -> None:
    for id, (_, path) in scene.operations.items():
        if names_one(path):
            answer = ask(scene, viewer, id, scene.hidden[viewer])
            assert answer.status_code == 404, f"{viewer}: {id} -> {answer.status_code} {answer.text[:200]}"
            assert SECRET not in answer.text and PEOPLE["address"] not in answer.text, f"{viewer}: {id}"


def nothing_in_lists(scene: Scene, viewer: str) -> None:
    """Not by a word where everything with the word is hidden; by number for those who may see another one of them."""
    for id, questions in SEARCHED.items():
        for asked in questions:
            answer = scene.viewers[viewer].get(scene.operations[id][1], params=asked)
            assert answer.status_code == 200, f"{viewer}: {id} {answer.text[:200]}"
            if viewer in ("nobody", "own"):
                assert SECRET not in answer.text and PEOPLE["address"] not in answer.text, f"{viewer}: {id} {asked}"
    assert scene.hidden[viewer]["conversation_id"] not in shown_to(scene.viewers[viewer]), viewer


def nothing_said_in_the_directory(scene: Scene, viewer: str) -> None:
    for id, query in DIRECTORY.items():
        path = scene.operations[id][1].replace("{channel_id}", str(scene.house.sav.id))
        for name, value in scene.directory.items():
            path = path.replace(f"{{{name}}}", str(value))
        answer = scene.viewers[viewer].get(path, params=query)
        assert answer.status_code == 200 or id == "reachable", f"{viewer}: {id} {answer.text[:200]}"
        if viewer in ("nobody", "own"):
            assert SECRET not in answer.text, f"{viewer}: {id}"
    for id in BY_LAW if viewer not in ("anne", "admin") else ():
        method, path = scene.operations[id]
        filled = path.replace("{subject}", "contact").replace("{subject_id}", str(scene.directory["contact_id"]))
        answer = scene.viewers[viewer].request(
            method, filled.replace("{request_id}", "1"), json={"name": PEOPLE["name"]}
        )
        assert answer.status_code in (403, 404), f"{viewer}: {id} {answer.text[:200]}"


def the_same_requests_reach_what_one_may_see(scene: Scene) -> None:
    for id, (_, path) in scene.operations.items():
        if names_one(path) and id not in NEEDS_ANOTHER_FILE:
            answer = ask(scene, "chloe", id, hide(scene.house, scene.house.sav.id))
            assert answer.status_code != 404, f"{id}: {answer.text}"


def ask(scene: Scene, viewer: str, id: str, ids: dict[str, int]) -> httpx.Response:
    method, path = scene.operations[id]
    body = BODIES.get(id)
    if id == "forward":
        body = REPLY | {"forwarded": {"message_ids": [ids["message_id"]]}}
    if id == "linkCustomer":
        body = {"customer_id": scene.directory["customer_id"]}
    if id == "merge":
        body = {"conversation_id": scene.hidden["team"]["conversation_id"]}
    return scene.viewers[viewer].request(method, address(path, ids), json=body, params=QUERIES.get(id))


def shown_to(client: httpx.Client) -> set[int]:
    """The conversations in anything that lists, finds or tells."""
    shown: set[int] = set()
    for tab, status in itertools.product(("all", "unassigned", "mine"), ("open", "any")):
        page = client.get("/api/conversations", params={"tab": tab, "status": status, "limit": 100}).json()
        shown |= {row["id"] for row in page["rows"]}
    hits = client.get("/api/search", params={"q": SECRET}).json()["hits"]
    shown |= {hit["conversation"]["id"] for hit in hits}
    told = client.get("/api/changes", params={"after": 0}).json()
    shown |= {row["id"] for row in told["put"]["conversations"]}
    shown |= {one["conversation_id"] for kind in ("messages", "activities") for one in told["put"][kind]}
    return shown


def test_access_matrix_of_bodies_and_frames(scene: Scene) -> None:
    nothing_through_a_body(scene)
    nothing_through_a_bulk(scene)
    nothing_in_the_stream(scene)


def nothing_through_a_body(scene: Scene) -> None:
    """A door that one may pass, and a hidden conversation in what one brings."""
    hidden = scene.hidden["own"]
    own = scene.viewers["own"]
    begun = own.post("/api/conversations", json={"channel_id": scene.house.achats.id, "message": REPLY})
    assert begun.status_code == 404
    begun = own.post(
        "/api/conversations", json={"channel_id": scene.house.sav.id, "message": REPLY | {"subject": "Offre"}}
    )
    assert begun.status_code == 201, begun.text
    mine = begun.json()["conversation"]["id"]
    place = f"/api/conversations/{mine}"
    assert own.get(place).status_code == 200

    moved = own.put(
        f"/api/messages/{begun.json()['message']['id']}/conversation",
        json={"conversation_id": hidden["conversation_id"]},
    )
    assert moved.status_code == 404
    to_secret = REPLY | {"client_id": "to-the-secret", "to": [{"address": PEOPLE["address"]}], "subject": "Autre"}
    theirs = own.post("/api/conversations", json={"channel_id": scene.house.sav.id, "message": to_secret}).json()
    candidates = own.get(f"/api/conversations/{theirs['conversation']['id']}/merge-candidates").json()
    assert hidden["conversation_id"] not in {row["id"] for row in candidates}, "of the same contact"
    merged = own.put(f"{place}/merge", json={"conversation_id": hidden["conversation_id"]})
    assert merged.status_code == 404, merged.text
    forwarded = {"client_id": "forward-hidden", "forwarded": {"message_ids": [hidden["message_id"]]}}
    assert own.post(f"{place}/forwards", json=REPLY | forwarded).status_code == 404
    for words in ({"attachment_ids": [hidden["attachment_id"]]}, {"in_reply_to_id": hidden["message_id"]}):
        answer = own.post(f"{place}/messages", json=REPLY | {"client_id": f"hidden-{next(iter(words))}"} | words)
        assert answer.status_code >= 400 or SECRET not in own.get(place).text, words
        assert SECRET not in answer.text


def nothing_through_a_bulk(scene: Scene) -> None:
    """Neither by number nor by a filter that lets everything through."""
    hidden, own = scene.hidden["own"]["conversation_id"], scene.viewers["own"]
    for what in ({"ids": [hidden]}, {"filter": {"tab": "all", "status": ["any"]}}):
        begun = own.post("/api/bulks", json={"act": {"kind": "resolve"}} | what)
        assert begun.status_code in (201, 404), begun.text
        if begun.status_code == 201:
            until = time.monotonic() + 15
            while (bulk := own.get("/api/bulks").json()[0])["phase"] != "done" and time.monotonic() < until:
                time.sleep(0.02)
            assert bulk["phase"] == "done"
    assert scene.house.conversation(hidden).status == "open"


def nothing_in_the_stream(scene: Scene) -> None:
    """What is given away leaves the screen, whole; what is given comes; the others hear nothing of it."""
    own, chloe = Follower(scene.viewers["own"]), Follower(scene.viewers["chloe"])
    hidden = scene.hidden["own"]["conversation_id"]
    me = scene.viewers["own"].get("/api/start").json()["me"]["id"]
    place = f"/api/conversations/{hidden}"

    scene.viewers["chloe"].post(f"{place}/notes", json={"client_id": "note-before", "text": SECRET})
    chloe.wait_for(lambda: [message for message in chloe.put("messages") if message["conversation_id"] == hidden])
    scene.viewers["chloe"].put(f"{place}/assignment", json={"member_id": me})
    own.wait_for(lambda: [row for row in own.put("conversations") if row["id"] == hidden])
    assert not [message for message in own.put("messages") if message["conversation_id"] == hidden]
    assert scene.viewers["own"].get(place).status_code == 200

    scene.viewers["own"].put(f"{place}/assignment", json={"member_id": scene.house.chloe.id})
    own.wait_for(lambda: any(hidden in frame["drop"]["conversations"] for frame in own.frames))
    assert scene.viewers["own"].get(place).status_code == 404
    told = len(own.frames)
    scene.viewers["chloe"].post(f"{place}/notes", json={"client_id": "note-after", "text": SECRET})
    chloe.wait_for(lambda: [m for m in chloe.put("messages") if m["client_id"] == "note-after"])
    scene.viewers["chloe"].put("/api/conversations/1/priority", json={"priority": "high"})
    chloe.wait_for(lambda: [row for row in chloe.put("conversations") if row["priority"] == "high"])
    assert [frame for frame in own.frames[told:] if frame["put"]["conversations"] or frame["put"]["messages"]] == []
    own.close()
    chloe.close()
