"""What a browser records becomes what a phone sends: ogg with Opus."""

import asyncio
import io
from typing import Any

from comptoir.demo.phone.playing import NothingSaid

OGG_OPUS = "audio/ogg; codecs=opus"


async def as_voice_note(content: bytes) -> tuple[bytes, str]:
    """The same sound in another box: Chromium and Firefox record Opus already."""
    return await asyncio.to_thread(_boxed, content), OGG_OPUS


def _boxed(content: bytes) -> bytes:
    import av  # big, and only needed once somebody records

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r") as recorded, av.open(out, "w", format="ogg") as ogg:
            stream: Any = ogg.add_stream("libopus", rate=48000, layout="mono")
            for frame in recorded.decode(recorded.streams.audio[0]):
                ogg.mux(stream.encode(frame))
            ogg.mux(stream.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise NothingSaid from error
    return out.getvalue()
