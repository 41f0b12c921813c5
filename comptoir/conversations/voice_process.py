"""The program that makes a voice note (`python -m comptoir.conversations.voice_process`): a recording in, ogg/opus mono out.

WhatsApp plays nothing else as a voice note. It runs in a process of its own: FFmpeg's libraries read bytes from outside here,
with bounded memory and time, and what they take is given back when it ends.
"""

import io
import resource
import sys

MEMORY = 1 << 30
CPU_SECONDS = 60
RATE = 48_000  # opus knows no other at heart
BIT_RATE = 32_000
UNREADABLE = 3  # exit codes
TOO_LONG = 4
MOST_SECONDS = 15 * 60


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    recording = sys.stdin.buffer.read()
    try:
        note, seconds = convert(recording)
    except TooLong:
        sys.exit(TOO_LONG)
    except Exception as error:  # whatever a recording can cause means that it cannot be read
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        sys.exit(UNREADABLE)
    sys.stdout.buffer.write(f"{seconds:.2f}\n".encode() + note)


class TooLong(Exception):
    """Nobody listens to that."""


def convert(recording: bytes) -> tuple[bytes, float]:
    """The note, and how long it is in seconds."""
    import av  # here alone: it costs 40 MB, which the server itself never pays

    note = io.BytesIO()
    with av.open(io.BytesIO(recording), "r") as source, av.open(note, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        samples = 0
        for frame in source.decode(audio=0):
            frame.pts = None
            for part in resampler.resample(frame):
                samples += part.samples
                target.mux(stream.encode(part))
            if samples > MOST_SECONDS * RATE:
                raise TooLong
        for part in resampler.resample(None):
            samples += part.samples
            target.mux(stream.encode(part))
        if not samples:
            raise ValueError("no sound in it")
        target.mux(stream.encode(None))
    return note.getvalue(), samples / RATE


if __name__ == "__main__":
    main()
