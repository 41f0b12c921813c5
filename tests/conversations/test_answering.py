"""A reply as its author meant it: formed, signed, with what it answers; kept while it is written, taken back while it is held."""

from datetime import timedelta

import pytest

from comptoir.channels import connecting, queries
from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import delivering, forwarding, resolving, thread, truth, writing
from comptoir.conversations.answering import drafting, recipients, signing, withdrawing
from comptoir.conversations.answering.schemas import DraftContent
from comptoir.conversations.errors import BadSender, DraftGone, ThirdPartyStaysApart, TooLate
from comptoir.conversations.handling import merging
from comptoir.conversations.messages import messages_of
from comptoir.conversations.models import Conversation, Message, ReplyBody
from comptoir.conversations.schemas import Forwarded
from comptoir.conversations.uploading import upload
from comptoir.foundation.errors import NotAllowed, NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from comptoir.team.models import Member
from tests.house import House

LEA = Person("lea@garage-morel.example", "Léa Morel")
FACTORY = Person("usine@freins.example", "Usine Freins")
SIGNATURE = "<b>{{name}}</b><br>{{company}} · {{mailbox}}<script>alert(1)</script>"


def say(house: House, conversation_id: int, **given: object) -> Message:
    """Bruno answers Léa."""
    words = writing.Words(**({"client_id": f"client-{given}"[:60], "text": "Oui, six en stock.", "to": [LEA]} | given))
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    ).message


def note(house: House, conversation_id: int, text: str) -> Message:
    words = writing.Words(client_id="note-0001", text=text)
    return house.write(
        lambda tx: writing.note(tx, tx.find(Conversation, conversation_id), words), by=house.anne
    ).message


def forward(house: House, conversation_id: int, *message_ids: int, **given: object) -> Message:
    """Bruno shows mails to the factory."""
    values = {"client_id": "forward-0001", "text": "Qu'en pensez-vous ?", "to": [FACTORY]} | given
    words = writing.Words(**values, forwarded=Forwarded(list(message_ids)))  # type: ignore[arg-type]
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: forwarding.forward(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    ).message


def outside(house: House, message: Message) -> ReplyBody:
    return house.read(lambda tx: tx.find(ReplyBody, message.id))


def hold(house: House, seconds: int) -> None:
    def work(tx: Transaction) -> None:
        tx.find(Member, house.bruno.id).undo_seconds = seconds

    house.write(work)


def conversation(tx: Transaction, id: int) -> Conversation:
    return tx.find(Conversation, id)


# -- what it says outside


def test_a_formed_reply_is_cleaned_and_its_text_is_made_from_it(house: House) -> None:
    landed = house.receive()

    message = say(
        house, landed.conversation_id, text="x", html='<p>Oui, <b onclick="x()">six</b>.</p><script>y</script>'
    )

    assert message.text == "Oui, six."
    assert message.has_html
    assert not say(house, landed.conversation_id, html="<div>Oui</div><div><br></div><div>six</div>").has_html
    left = outside(house, message)
    assert "<b>six</b>" in left.html and "script" not in left.html and "onclick" not in left.html
    assert left.text.startswith(
        "Oui, six.\n\nLe mardi 24 novembre 2026 à 10:00, Léa Morel <lea@garage-morel.example> a écrit"
    )
    assert "> Bonjour, avez-vous les plaquettes en stock ?" in left.text
    assert '<blockquote type="cite"' in left.html


def test_the_signature_is_filled_at_sending_and_never_in_a_note(house: House) -> None:
    landed = house.receive()
    house.write(lambda tx: signing.sign_with(tx, SIGNATURE), by=house.bruno)

    left = outside(house, say(house, landed.conversation_id, html="<div>Oui.</div>"))

    assert "Oui.\n\n-- \nBruno Costa\nPièces Express · SAV\n\nLe mardi" in left.text
    assert "<b>Bruno Costa</b>" in left.html and "script" not in left.html
    private = note(house, landed.conversation_id, "Rester ferme.")
    with pytest.raises(NotFound):
        outside(house, private)


def test_a_mailbox_may_answer_without_the_history(house: House) -> None:
    landed = house.receive()
    house.write(lambda tx: connecting.change(tx, tx.find(Channel, house.sav.id), quotes_history=False))

    assert outside(house, say(house, landed.conversation_id)).text == "Oui, six en stock."


def test_a_note_is_never_quoted_even_when_it_is_named(house: House) -> None:
    landed = house.receive()
    private = note(house, landed.conversation_id, "Client difficile, rester ferme.")

    left = outside(house, say(house, landed.conversation_id, in_reply_to_id=private.id, html="<div>Bonjour</div>"))

    assert "difficile" not in left.text + left.html
    for given in ([private.id], [landed.message_id, private.id]):
        with pytest.raises(NotFound):
            forward(house, landed.conversation_id, *given)


def test_a_picture_pasted_into_the_words_becomes_a_part_of_the_mail(house: House) -> None:
    landed = house.receive()
    file = house.write(
        lambda tx: upload(tx, name="photo.png", media_type="image/png", size=9, file_key="k"), by=house.bruno
    )

    html = f'<div>Voici : <img src="/api/attachments/{file.id}/preview"></div>'
    message = say(house, landed.conversation_id, html=html, attachment_ids=[file.id])

    assert f'src="cid:picture-{file.id}@pieces.example"' in outside(house, message).html
    [shown] = house.read(lambda tx: messages_of(tx, [message.id]))[0].attachments
    assert shown.is_inline and not house.conversation(landed.conversation_id).has_files


def test_a_changed_subject_stays_in_its_conversation(house: House) -> None:
    landed = house.receive()
    message = say(house, landed.conversation_id, subject="Votre\r\ncommande 12")
    assert message.subject == "Votre commande 12"
    answer = house.receive(in_reply_to=(message.header_id,), subject="Re: Votre commande 12")
    assert answer.conversation_id == landed.conversation_id


# -- who it goes to, and from where


def test_one_answers_from_the_alias_that_the_mail_was_sent_to(house: House) -> None:
    house.write(
        lambda tx: connecting.change(
            tx,
            tx.find(Channel, house.sav.id),
            aliases=["Garantie@Pieces.example", "sav@pieces.example", "garantie@pieces.example"],
        )
    )
    landed = house.receive(to=(Person("garantie@pieces.example"),), cc=(Person("paul@garage-morel.example"),))

    reply = house.read(lambda tx: thread.read(tx, landed.conversation_id), by=house.bruno).reply

    assert reply.sender.address == "garantie@pieces.example"
    assert [person.address for person in reply.senders] == ["sav@pieces.example", "garantie@pieces.example"]
    assert [person.address for person in (*reply.to, *reply.cc)] == [LEA.address, "paul@garage-morel.example"]
    sent = say(house, landed.conversation_id, sender="garantie@pieces.example")
    assert sent.recipients["from"][0][0] == "garantie@pieces.example"
    with pytest.raises(BadSender):
        say(house, landed.conversation_id, sender="patron@pieces.example")
    assert "garantie@pieces.example" in house.read(queries.own_addresses)


def test_completion_knows_colleagues_and_the_contacts_one_sees(house: House) -> None:
    house.receive()
    house.receive(house.achats, sender=Person("lea@secret.example", "Léa Secret"))

    def found(typed: str, by: Member) -> list[str]:
        return [person.address for person in house.read(lambda tx: recipients.suggest(tx, typed), by=by)]

    assert found("lé", house.bruno) == [LEA.address]
    assert found("morel", house.bruno) == [LEA.address]
    assert found("bru", house.anne) == ["bruno@pieces.example"]
    assert found("secret", house.bruno) == [] and found("secret", house.chloe) == ["lea@secret.example"]
    assert found("%", house.anne) == []


# -- drafts


def test_a_draft_is_kept_for_its_author_alone_and_dropped_when_it_is_sent(house: House) -> None:
    landed = house.receive()
    position = house.read(lambda tx: tx.log_position())

    def keep(text: str, known: int) -> int:
        return house.write(
            lambda tx: drafting.keep(
                tx, conversation(tx, landed.conversation_id), "reply", DraftContent(text=text), known=known
            ),
            by=house.bruno,
        )

    assert (keep("Bonj", 0), keep("Bonjour", 1)) == (1, 2)
    seen = {
        member.name: house.read(lambda tx: drafting.drafts_of(tx, conversation(tx, landed.conversation_id)), by=member)
        for member in (house.anne, house.bruno)
    }
    assert seen["Anne Petit"] == []
    assert [draft.content.text for draft in seen["Bruno Costa"]] == ["Bonjour"]
    frames = {
        member.id: house.read(lambda tx: truth.frame_since(tx, position, tx.actor), by=member)
        for member in (house.anne, house.bruno)
    }
    assert frames[house.bruno.id].put.drafts[0].modes == ["reply"]
    assert not frames[house.anne.id].put.drafts and not frames[house.anne.id].put.conversations
    say(house, landed.conversation_id)
    assert house.read(drafting.marks, by=house.bruno) == []
    assert house.events(landed.conversation_id).count("draft.kept") == 1
    with pytest.raises(DraftGone):
        keep("Bonjour,", 2)


# -- taking back


def test_a_reply_is_held_and_comes_back_as_a_draft(house: House) -> None:
    landed = house.receive()
    hold(house, 10)
    before = house.conversation(landed.conversation_id)
    file = house.write(lambda tx: upload(tx, name="devis.pdf", media_type="", size=9, file_key="k"), by=house.bruno)
    message = say(
        house,
        landed.conversation_id,
        html="<div>Oui, <b>six</b>.</div>",
        attachment_ids=[file.id],
        cc=[FACTORY],
        subject="Stock",
    )
    assert message.held_until == house.clock() + timedelta(seconds=10)
    house.write(lambda tx: resolving.resolve(tx, conversation(tx, landed.conversation_id)), by=house.bruno)
    with pytest.raises(NotAllowed):
        house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.anne)

    draft = house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)

    assert draft.content.html == "<div>Oui, <b>six</b>.</div>"
    assert (draft.content.subject, draft.content.cc[0].address) == ("Stock", FACTORY.address)  # type: ignore[index]
    assert [kept.name for kept in draft.files] == ["devis.pdf"]
    after = house.conversation(landed.conversation_id)
    assert (after.preview, after.waiting_since, after.last_at) == (before.preview, before.waiting_since, before.last_at)
    assert after.is_open
    assert house.read(lambda tx: tx.session.get(Message, message.id)) is None
    assert house.events(landed.conversation_id)[-1] == "message.withdrawn"
    assert say(house, landed.conversation_id).id > message.id  # what browsers remember of it never means another


def test_a_draft_keeps_which_mail_it_answers(house: House) -> None:
    """Chosen, found again after a reload, sent, taken back: it is still that one."""
    older = house.receive(header_id="<devis@garage-morel.example>", text="Un devis ?")
    house.receive(
        header_id="<colis@garage-morel.example>", in_reply_to=("<devis@garage-morel.example>",), text="Et le colis ?"
    )
    hold(house, 10)
    chosen = DraftContent(text="Le voici.", in_reply_to_id=older.message_id)
    at = older.conversation_id
    house.write(lambda tx: drafting.keep(tx, conversation(tx, at), "reply", chosen, known=0), by=house.bruno)

    [found] = house.read(lambda tx: drafting.drafts_of(tx, conversation(tx, at)), by=house.bruno)
    assert found.content.in_reply_to_id == older.message_id
    message = say(house, at, in_reply_to_id=found.content.in_reply_to_id)
    assert message.chain == ["<devis@garage-morel.example>"]
    back = house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)
    assert back.content.in_reply_to_id == older.message_id


def test_what_is_leaving_cannot_be_taken_back_and_what_is_held_does_not_leave(house: House) -> None:
    landed = house.receive()
    hold(house, 10)
    message = say(house, landed.conversation_id)

    assert not house.write(lambda tx: delivering.start(tx, tx.find(Message, message.id)))
    house.clock.forward(seconds=10)
    assert house.write(lambda tx: delivering.start(tx, tx.find(Message, message.id)))
    with pytest.raises(TooLate):
        house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)


def test_a_note_is_never_held(house: House) -> None:
    landed = house.receive()
    hold(house, 30)
    assert note(house, landed.conversation_id, "Vu.").held_until is None


# -- forwards


def test_a_forward_opens_a_side_conversation_that_the_customer_never_meets(house: House) -> None:
    landed = house.receive(header_id="<lea@garage>", html="<p>Les <i>plaquettes</i></p>")
    house.write(
        lambda tx: tx.execute(
            "INSERT INTO attachments (message_id, name, media_type, size, file_key, content_id, is_inline, created_at)"
            " VALUES (:id, 'plan.pdf', 'application/pdf', 9, 'k', '', false, 0)",
            id=landed.message_id,
        )
    )
    note(house, landed.conversation_id, "Client difficile.")

    message = forward(house, landed.conversation_id, landed.message_id, html="<div>Qu'en pensez-vous ?</div>")

    side = house.conversation(message.conversation_id)
    assert (side.origin_id, side.subject) == (landed.conversation_id, "TR: Plaquettes 0 986 494 123")
    assert message.subject == side.subject and message.chain is None
    left = outside(house, message)
    assert "---------- Message transféré ----------\nDe\xa0: Léa Morel <lea@garage-morel.example>\n" in left.text
    assert "<i>plaquettes</i>" in left.html and "difficile" not in left.text + left.html
    [file] = house.read(lambda tx: messages_of(tx, [message.id]))[0].attachments
    assert file.name == "plan.pdf"
    answer = house.receive(sender=FACTORY, in_reply_to=(message.header_id,), references=(message.header_id,))
    assert answer.conversation_id == side.id
    assert "conversation.forwarded" in house.events(landed.conversation_id)
    assert house.events(side.id)[:2] == ["conversation.begun", "conversation.assigned"]
    again = forward(house, landed.conversation_id, landed.message_id)
    assert again.id == message.id
    key = house.services.secrets.key("threads")
    assert threads.conversation_of(key, [message.header_id or ""]) == side.id


def test_what_a_third_party_answers_stays_apart_from_the_customer_also_where_somebody_would_merge(house: House) -> None:
    landed = house.receive()
    message = forward(house, landed.conversation_id, landed.message_id)
    header = house.read(lambda tx: tx.find(Message, landed.message_id)).header_id or ""
    customers = house.receive(in_reply_to=(header,), subject="Re: Plaquettes 0 986 494 123")
    theirs = house.receive(sender=FACTORY, in_reply_to=(message.header_id,), references=(header, message.header_id))
    assert (customers.conversation_id, theirs.conversation_id) == (landed.conversation_id, message.conversation_id)

    def merge(tx: Transaction, source: int, target: int) -> None:
        merging.merge(tx, tx.find(Conversation, source), tx.find(Conversation, target))

    for pair in ((landed.conversation_id, message.conversation_id), (message.conversation_id, landed.conversation_id)):
        with pytest.raises(ThirdPartyStaysApart):
            house.write(lambda tx, pair=pair: merge(tx, *pair), by=house.bruno)


def test_a_forward_taken_back_after_its_origin_was_merged_is_sent_all_the_same(house: House) -> None:
    landed, other = house.receive(), house.receive(subject="Autre").conversation_id
    hold(house, 10)
    message = forward(house, landed.conversation_id, landed.message_id)
    draft = house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)
    house.write(
        lambda tx: merging.merge(tx, tx.find(Conversation, landed.conversation_id), tx.find(Conversation, other)),
        by=house.bruno,
    )
    again = say(house, message.conversation_id, to=[FACTORY], forwarded=draft.content.forwarded)
    assert "Message transféré" in outside(house, again).text


def test_a_forward_taken_back_is_a_draft_of_the_side_conversation(house: House) -> None:
    landed = house.receive()
    hold(house, 10)
    message = forward(house, landed.conversation_id, landed.message_id)

    draft = house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)

    assert draft.conversation_id == message.conversation_id
    assert draft.content.forwarded == Forwarded([landed.message_id])
    again = say(
        house, message.conversation_id, to=[FACTORY], forwarded=draft.content.forwarded, subject=draft.content.subject
    )
    assert "Message transféré" in outside(house, again).text
