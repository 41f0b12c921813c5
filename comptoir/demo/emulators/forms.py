"""What Twilio tells a business: form fields, for a message that came in and for what became of one that went out."""

import json

from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said, World

Fields = dict[str, str]
API_VERSION = "2010-04-01"
EVENTS = {"read": "READ", "delivered": "DELIVERED", "undelivered": "UNDELIVERED"}


def incoming(world: World, said: Said, extra: Fields) -> Fields:
    """`extra` holds the fields of its type: a place, a button, the message it answers."""
    number, person = said.number, said.person
    context = {"ProfileName": person.name, **({"WaId": person.phone} if person.shows_phone else {})}
    fields = {
        "SmsMessageSid": said.id,
        "NumMedia": "1" if said.file else "0",
        "ProfileName": person.name,
        "MessageType": said.kind,
        "SmsSid": said.id,
        "SmsStatus": "received",
        "Body": said.text,
        "To": f"whatsapp:{number.phone}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": said.id,
        "AccountSid": number.account,
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}),
        "From": address(person),
        "ApiVersion": API_VERSION,
    }
    if person.shows_phone:
        fields["WaId"] = person.phone
    if person.shows_bsuid:
        fields["ExternalUserId"] = f"whatsapp:{person.bsuid}"
    if person.shown == "parent" and person.parent_bsuid:
        fields["ParentExternalUserId"] = f"whatsapp:{person.parent_bsuid}"
    if person.username and person.shown != "phone":
        fields["ProfileUsername"] = person.username
    if said.file:
        fields["MediaUrl0"] = media_url(world, said)
        fields["MediaContentType0"] = said.file.media_type
    if said.quoted_id:
        quoted = world.said.get(said.quoted_id)
        by_customer = quoted is not None and quoted.by == "customer"
        fields["OriginalRepliedMessageSid"] = said.quoted_id
        fields["OriginalRepliedMessageSender"] = address(person) if by_customer else f"whatsapp:{number.phone}"
    return fields | extra


def status(said: Said, state: str) -> Fields:
    number, person = said.number, said.person
    fields = {
        "ChannelPrefix": "whatsapp",
        "ApiVersion": API_VERSION,
        "MessageStatus": state,
        "SmsSid": said.id,
        "SmsStatus": state,
        "ChannelInstallSid": "XE00000000000000000000000000000001",
        "To": address(person),
        "From": f"whatsapp:{number.phone}",
        "MessageSid": said.id,
        "AccountSid": number.account,
        "ChannelToAddress": f"+{person.phone[:-4]}XXXX",
    }
    if state in EVENTS:
        fields["EventType"] = EVENTS[state]
    if state in ("failed", "undelivered"):
        fields["ErrorCode"] = str(said.error)
        if said.error == 63016:
            fields["ChannelStatusMessage"] = (
                "Failed to send freeform message because you are outside the allowed window."
            )
    return fields


def address(person: Person) -> str:
    return f"whatsapp:+{person.phone}" if person.shows_phone else f"whatsapp:{person.bsuid}"


def media_url(world: World, said: Said) -> str:
    assert said.file is not None
    return f"{world.url}/{API_VERSION}/Accounts/{said.number.account}/Messages/{said.id}/Media/{said.file.id}"
