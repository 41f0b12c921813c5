"""A dealer's last two years, as rows: eight mailboxes of very uneven size, fifty members, conversations of ten messages on
average (some of more than fifty), one in ten open, mostly the recent ones. Ids are in the order of time, as in real life,
so that the messages of one conversation lie far apart in the table.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

import msgspec

from benchmarks.words import Language, Sentence, check, document_of, sentence
from comptoir.conversations.search.index import channel_word
from comptoir.conversations.search.words import facts
from comptoir.team.signing_in import _hasher

NOW = 1_795_500_000_000  # 2026-11-24, in milliseconds
DAY = 86_400_000
SPAN = 730 * DAY
SHARES = (0.6, 0.2, 0.1, 0.05, 0.03, 0.015, 0.004, 0.001)  # of the conversations, by mailbox
MEMBERS = 50
PASSWORD = "un mot de passe long"
LABELS = 12

Row = tuple[Any, ...]
Rows = Iterator[Row]

# table -> columns, in the order of the rows below
COLUMNS = {
    "organisations": "id name language is_demo created_at",
    "members": "id name email role password_hash stamp is_active language theme timezone enter_sends_email"
    " enter_sends_whatsapp letter_keys created_at",
    "channels": "id kind provider name address settings secrets health version created_at",
    "channel_members": "channel_id member_id",
    "labels": "id name colour",
    "contacts": "id name address created_at",
    "identities": "id contact_id kind value scope",
    "messages": "id conversation_id channel_id kind at created_at member_id contact_id external_id header_id client_id"
    " delivery is_automatic is_unreadable has_html remote_images match_reason recipients chain subject text",
    "message_html": "message_id html",
    "attachments": "id message_id name media_type size file_key content_id is_inline created_at",
    "events": "id type at actor_kind actor_id conversation_id message_id channel_id data",
    "conversations": "id channel_id contact_id subject status snoozed_until assignee_id version created_at resolved_at"
    " waiting_since last_at preview preview_kind last_incoming_id failed_count has_files label_ids",
    "conversation_labels": "conversation_id label_id",
    "readings": "conversation_id member_id upto",
}


class World:
    """`size` conversations. `few` gives the rows of the small tables, `messages` those of the large ones in batches, and
    `conversations` what became of them, once all messages are made."""

    def __init__(self, size: int, language: Language) -> None:
        self.size = size
        self.chance = random.Random(size)
        self.language = language
        self.contacts = size * 3 // 4
        self.seen_by = {member: self._channels_of(member) for member in range(1, MEMBERS + 1)}
        self._people = [self._person(id) for id in range(1, self.contacts + 1)]
        self._mailboxes = [sentence(f"Boîte {id} boite{id}@pieces.example") for id in range(len(SHARES) + 1)]
        self._found: list[list[Any]] = []
        self._event_id = 0
        self._file_id = 0

    def _channels_of(self, member: int) -> tuple[int, ...]:
        """Three to eight mailboxes; member 2 has the three smallest, member 1 has all."""
        if member == 1:
            return tuple(range(1, 9))
        if member == 2:
            return (6, 7, 8)
        return tuple(sorted(self.chance.sample(range(1, 9), 3 + member % 6)))

    def _person(self, id: int) -> tuple[str, str, Sentence]:
        first, last = self.chance.choice(self.language.first_names), self.chance.choice(self.language.surnames)
        name, address = f"{first} {last}", f"{first}.{last}{id}@client.example".lower()
        return name, address, sentence(f"{name} \n {address}")

    # -- the small tables

    def few(self) -> Iterator[tuple[str, Rows]]:
        hashed = _hasher.hash(PASSWORD)
        start = NOW - SPAN
        yield "organisations", iter([(1, "Pièces Express", "fr", False, start)])
        yield (
            "members",
            (
                (
                    *(id, f"Membre {id}", f"membre{id}@pieces.example", "owner" if id == 1 else "member", hashed),
                    *(f"{id:016x}", True, "fr", "system", "Europe/Paris", False, True, True, start),
                )
                for id in range(1, MEMBERS + 1)
            ),
        )
        yield (
            "channels",
            (
                (id, "email", "demo", f"Boîte {id}", f"boite{id}@pieces.example", "{}", "", "connected", 0, start)
                for id in range(1, len(SHARES) + 1)
            ),
        )
        yield "channel_members", ((channel, m) for m, channels in self.seen_by.items() for channel in channels)
        yield "labels", ((id, f"Étiquette {id}", "teal") for id in range(1, LABELS + 1))
        yield "contacts", ((id, name, address, start) for id, (name, address, _) in enumerate(self._people, 1))
        yield "identities", ((id, id, "email", person[1], "") for id, person in enumerate(self._people, 1))

    # -- the conversations as they unfold

    def messages(self, batch: int = 20_000) -> Iterator[dict[str, list[Row]]]:
        """Rows of messages, message_html, attachments, events and (id, words, channel word) of `search`, by time."""
        rows: dict[str, list[Row]] = {}
        for id, moment in enumerate(self._moments(), 1):
            for table, row in self._message(id, moment % self.size, moment // self.size):
                rows.setdefault(table, []).append(row)
            if id % batch == 0:
                yield rows
                rows = {}
        yield rows

    def _moments(self) -> list[int]:
        """Every message as one number, (time, conversation): sorted, it is the order in which they came."""
        moments = []
        starts = sorted(self.chance.random() for _ in range(self.size))
        shares = list(accumulate(SHARES))
        for index, start in enumerate(starts):
            at = NOW - SPAN + int(start * SPAN)
            channel = self.chance.choices(range(1, 9), cum_weights=shares)[0]
            self._found.append(self._conversation(index + 1, channel, at))
            count = self._length()
            left = NOW - at
            gaps = [self.chance.expovariate(1 / (DAY / 2)) for _ in range(count)]
            scale = min(1.0, left / (sum(gaps) + 1))
            for gap in gaps:
                moments.append(at * self.size + index)
                at += int(gap * scale)
        return sorted(moments)

    def _length(self) -> int:
        """One in a hundred has 50 to 150 messages; the rest about nine."""
        if self.chance.random() < 0.01:
            return self.chance.randint(51, 150)
        return min(50, 1 + int(self.chance.expovariate(1 / 9)))

    def _conversation(self, id: int, channel: int, at: int) -> list[Any]:
        contact = self.chance.randrange(self.contacts)
        subject = self.chance.choice(self.language.sentences)
        members = [member for member, channels in self.seen_by.items() if channel in channels]
        assignee = self.chance.choice(members) if self.chance.random() < 0.75 else None
        #       0   1        2        3        4         5   6   7      8     9       10     11
        return [id, channel, contact, subject, assignee, at, at, b"", None, 0, False, 0]

    def _message(self, id: int, index: int, at: int) -> Iterator[tuple[str, Row]]:
        found = self._found[index]
        conversation, channel, contact, subject, assignee = found[:5]
        chance = self.chance.random()
        kind = "incoming" if found[11] == 0 or chance < 0.5 else "reply" if chance < 0.9 else "note"
        name, address, person = self._people[contact]
        body = self.chance.choices(self.language.sentences, k=self.chance.randint(2, 4))
        if chance * 10 % 1 < 0.3:
            body.append(self.chance.choice(self.language.part_sentences))
        text = "\n".join(piece.text for piece in body)
        mailbox = self._mailboxes[channel]
        pieces = [subject, *body] if kind == "note" else [subject, person, mailbox, *body]
        if id % 10_000 == 0:
            check(pieces, *(piece.text for piece in pieces))
        has_html = (kind == "incoming" and chance < 0.33) or (found[11] == 0 and id % 3 == 0)
        member = None if kind == "incoming" else assignee or 1
        header = f"<{id:x}.{conversation}@{'client' if kind == 'incoming' else 'pieces'}.example>"
        yield (
            "messages",
            (
                *(id, conversation, channel, kind, at, at, member, contact + 1 if kind == "incoming" else None),
                _fingerprint(id) if kind == "incoming" else header if kind == "reply" else None,
                *(None if kind == "note" else header, None if kind == "incoming" else f"{id:032x}"),
                *("sent" if kind == "reply" else None, False, False, has_html, 1 if has_html else 0),
                *("reference" if found[11] else None, _envelope(kind, name, address, channel)),
                *(_chain(found[7]), "" if kind == "note" else subject.text, text),
            ),
        )
        has_files = chance * 100 % 1 < 0.1
        named = {"incoming": (person.text, mailbox.text), "reply": (mailbox.text, person.text), "note": ("", "")}[kind]
        known = facts(
            sender=named[0],
            recipients=named[1],
            subject=subject.text if named[0] else "",
            has_files=has_files,
            at=datetime.fromtimestamp(at / 1000, UTC),
        )
        yield "search", (id, f"{known} {document_of(pieces)}", channel_word(channel))
        if has_html:
            yield "message_html", (id, _html(text))
        if has_files:
            self._file_id += 1
            yield "attachments", self._file(id, at)
            found[10] = True
        yield from self._events(kind, at, conversation, id, channel, member)
        if kind != "note":
            found[7] = header
        found[6], found[8], found[11] = at, (kind, " ".join(text.split())[:160]), found[11] + 1
        if kind == "incoming":
            found[9] = id

    def _file(self, message: int, at: int) -> Row:
        name, size = f"photo-{message}.jpg", 90_000 + message % 9_000
        return (self._file_id, message, name, "image/jpeg", size, f"{message:064x}", "", False, at)

    def _events(
        self, kind: str, at: int, conversation: int, message: int, channel: int, member: int | None
    ) -> Iterator[tuple[str, Row]]:
        types = {
            "incoming": ["message.received"],
            "reply": ["message.queued", "message.sent"],
            "note": ["note.added"],
        }[kind]
        who = "system" if member is None else "member"
        for type in types:
            yield self._event(type, at, who, member, conversation, message, channel)
        if kind == "incoming":
            yield self._event("conversation.read", at, "member", 1, conversation, None, channel)

    def _event(
        self, type: str, at: int, who: str, member: int | None, conversation: int, message: int | None, channel: int
    ) -> tuple[str, Row]:
        self._event_id += 1
        data = f'{{"member_id":{member}}}' if type == "conversation.assigned" else "{}"
        return "events", (self._event_id, type, at, who, member, conversation, message, channel, data)

    # -- what became of them

    def conversations(self) -> Iterator[tuple[str, Rows]]:
        recent = sorted(found[6] for found in self._found)[-max(1, self.size * 8 // 100)]
        rows: dict[str, list[Row]] = {"conversations": [], "conversation_labels": [], "readings": [], "events": []}
        for found in self._found:
            status = self._status(found[6] >= recent)
            labels = self.chance.sample(range(1, LABELS + 1), self.chance.choice((0, 0, 0, 1, 1, 2)))
            rows["conversations"].append(self._outcome(found, status, labels))
            rows["conversation_labels"] += [(found[0], label) for label in labels]
            for reader in {found[4] or 1, self.chance.randint(1, MEMBERS)}:
                rows["readings"].append((found[0], reader, max(0, found[9] - self.chance.choice((0, 0, 5)))))
            if found[4]:
                rows["events"].append(self._line("conversation.assigned", found))
            if status == "resolved":
                rows["events"].append(self._line("conversation.resolved", found))
        for table, all_of_it in rows.items():
            yield table, iter(all_of_it)

    def _line(self, type: str, found: list[Any]) -> Row:
        return self._event(type, found[6], "member", found[4] or 1, found[0], None, found[1])[1]

    def _status(self, is_recent: bool) -> str:
        chance = self.chance.random()
        if chance < (0.7 if is_recent else 0.048):
            return "open"
        return "pending" if chance > 0.97 else "snoozed" if chance > 0.95 else "resolved"

    def _outcome(self, found: list[Any], status: str, labels: list[int]) -> Row:
        id, channel, contact, subject, assignee, created, last_at, _, (kind, preview), incoming, has_files, count = (
            found
        )
        return (
            *(id, channel, contact + 1, subject.text, status, NOW + DAY if status == "snoozed" else None, assignee),
            *(count, created, last_at if status == "resolved" else None, last_at if kind == "incoming" else None),
            *(last_at, preview, kind, incoming, 0, has_files, "".join(f",{label}" for label in labels) + ","),
        )


def _fingerprint(id: int) -> str:
    """Spread over its index as a digest is."""
    return f"{id * 0x9E3779B97F4A7C15 % 2**64:016x}{id:048x}"


def _envelope(kind: str, name: str, address: str, channel: int) -> str:
    if kind == "note":
        return "{}"
    us, them = [f"boite{channel}@pieces.example", f"Boîte {channel}"], [address, name]
    if kind == "incoming":
        envelope = {"from": [them], "to": [us], "cc": [], "reply_to": []}
    else:
        envelope = {"from": [us], "to": [them], "cc": [], "bcc": []}
    return msgspec.json.encode(envelope).decode()


def _chain(before: Any) -> str | None:
    return f'["{before}"]' if before else None


def _html(text: str) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 12px;font-family:Arial,sans-serif">{line}</p>' for line in text.split("\n")
    )
    return f'<html><body>{paragraphs}<img src="https://images.example/logo.png" width="120"></body></html>'
