"""Twilio's media: behind the account's credentials, then behind a signed link on another host, which wants none."""

from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.files import as_sent
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.twilio_errors import refused
from comptoir.demo.emulators.world import World


class TwilioMedia:
    def __init__(self, world: World) -> None:
        self.world = world

    async def media_list(self, call: Call, number: Number, sid: str) -> Answer:
        said = self.world.said.get(sid)
        files = [said.file] if said is not None and said.file is not None else []
        return json({"media_list": [{"sid": f.id, "content_type": f.media_type, "parent_sid": sid} for f in files]})

    async def media(self, call: Call, number: Number, sid: str, media_sid: str) -> Answer:
        said = self.world.said.get(sid)
        file = self.world.files.find(media_sid)
        if said is None or file is None or said.number.account != number.account:
            return refused(20404)
        token, _ = self.world.files.link(file)
        return Answer(307, b"", "text/plain", {"location": f"{self.world.url}/twiliocdn/{token}"})

    async def download(self, call: Call, token: str) -> Answer:
        """The other host signs its addresses, and refuses credentials beside the signature."""
        if "authorization" in call.headers:
            return Answer(400, b"<Error><Code>InvalidArgument</Code></Error>", "application/xml")
        file = self.world.files.opened(token)
        if file is None:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        faults = self.world.faults
        content = as_sent(file, is_cut=faults.truncated_media, more=faults.more_media)
        return Answer(200, content, file.media_type)
