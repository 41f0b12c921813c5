"""The program that reads a workbook (`python -m comptoir.customers.imports.sheet_process`): XLSX or XLS in, lines of JSON out.

A small workbook can say a gigabyte, so it is read in a process of its own, with bounded memory and time.
"""

import io
import resource
import sys
from datetime import date, datetime

import msgspec

MEMORY = 2 << 30
CPU_SECONDS = 120
UNREADABLE, LOCKED, TOO_MANY = 3, 4, 5  # exit codes
MOST_ROWS = 1_000_001
MOST_COLUMNS = 100
MOST_CHARACTERS = 2_000

Cell = str | float | bool | int | date | object


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    from python_calamine import PasswordError  # here alone: the server itself never loads it

    try:
        write_rows(content)
    except PasswordError:
        sys.exit(LOCKED)
    except Exception as error:  # whatever a workbook can cause means that it cannot be read
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        sys.exit(UNREADABLE)


def write_rows(content: bytes) -> None:
    """The first sheet that holds something."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            continue
        for number, row in enumerate(sheet.iter_rows()):
            if number > MOST_ROWS:
                sys.exit(TOO_MANY)
            cells = [text_of(cell) for cell in row[:MOST_COLUMNS]]
            sys.stdout.buffer.write(msgspec.json.encode(cells) + b"\n")
        return


def text_of(cell: Cell) -> str:
    """As a person reads it: 12 and not 12.0, a date by its year, month and day."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        text = f"{cell:.6f}".rstrip("0").rstrip(".")
        return f"{text}0" if text[-4:-3] == "." else text  # never three decimals, which read like thousands
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    return str(cell).replace("\x00", "").strip()[:MOST_CHARACTERS]


if __name__ == "__main__":
    main()
