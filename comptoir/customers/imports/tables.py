"""A file as people export it (any encoding, any separator, CSV or workbook) as one thing: lines of JSON, one list of texts each.

What is read here once is read by the preview and by the job alike, and the job goes on from a position in it.
"""

import codecs
import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from comptoir.customers.imports.errors import (
    EmptyTable,
    FileTooLarge,
    Locked,
    NotATable,
    TooManyRows,
    UnclosedQuote,
    Unfolds,
)
from comptoir.customers.imports.sheet_process import LOCKED, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, TOO_MANY

MOST_BYTES = 60 * 2**20
MOST_UNPACKED = 400 * 2**20
SECONDS = 150.0
SEPARATORS = ";,\t|"
_CELLS = msgspec.json.Decoder(list[str])
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Lines(Struct, frozen=True):
    """`content`: the headings, then `count` lines, as JSON. `encoding` and `separator`: as they were found, for a person."""

    content: bytes
    count: int
    encoding: str
    separator: str


def read(content: bytes) -> Lines:
    """Blocking, for seconds where it is a large workbook. A Problem where it is no table."""
    if len(content) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES // 2**20)
    if content.startswith((ZIP, OLE)):
        packed, encoding, separator = _workbook(content), "", ""
    else:
        text, encoding = decode(content)
        separator = _separator(text)
        packed = b"".join(msgspec.json.encode(row) + b"\n" for row in _rows(text, separator))
    count = packed.count(b"\n") - 1
    if count < 1:
        raise EmptyTable
    return Lines(packed, count, encoding, separator)


def lines(content: bytes, position: int, most: int) -> tuple[list[list[str]], int]:
    """The next `most` lines from a position in `Lines.content`, and the position after them."""
    found: list[list[str]] = []
    while len(found) < most and position < len(content):
        end = content.index(b"\n", position)
        found.append(_CELLS.decode(content[position:end]))
        position = end + 1
    return found, position


def decode(content: bytes) -> tuple[str, str]:
    """By its mark, as UTF-8 where it is that, else as Windows in the West writes."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace"), "UTF-16" if name == "utf-16" else "UTF-8"
    if b"\x00" in content[:4096]:
        raise NotATable
    try:
        return content.decode(), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def _separator(text: str) -> str:
    """The one that cuts the first lines into the same number of pieces, and the most of them."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    sample = text[:20_000].splitlines()[:20]
    sample = sample[:-1] if len(sample) > 2 and len(text) > 20_000 else sample

    def score(separator: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=separator) if row]
        width = counts[0] if counts else 1
        return (sum(count == width for count in counts) / max(1, len(counts)) if width > 1 else 0.0), width

    return max(SEPARATORS, key=score)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Without the empty ones, and without what Excel writes for itself on top."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    count, line = 0, 0
    try:
        for row in reader:
            line, is_first = reader.line_num, count == 0
            if not any(row) or (is_first and len(row) <= 2 and row[0].lower().startswith("sep=")):
                continue
            count += 1
            if count > MOST_ROWS:
                raise TooManyRows(limit=MOST_ROWS - 1)
            yield [cell.replace("\x00", "").strip()[:MOST_CHARACTERS] for cell in row[:MOST_COLUMNS]]
    except csv.Error:
        raise UnclosedQuote(line=line + 1) from None


def _workbook(content: bytes) -> bytes:
    if content.startswith(ZIP):
        _check_unpacked(content)
    command = [sys.executable, "-m", "comptoir.customers.imports.sheet_process"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Unfolds from None
    if done.returncode == LOCKED:
        raise Locked
    if done.returncode == TOO_MANY:
        raise TooManyRows(limit=MOST_ROWS - 1)
    if done.returncode < 0:
        raise Unfolds
    if done.returncode:
        raise Unfolds if b"MemoryError" in done.stderr else NotATable
    return b"".join(line + b"\n" for line in done.stdout.splitlines() if line.strip(b'[],"'))


def _check_unpacked(content: bytes) -> None:
    """Before anything is unpacked: what its own list says, which the check of each part then holds it to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise Unfolds
            if book.testzip() is not None:
                raise NotATable
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise NotATable from None
