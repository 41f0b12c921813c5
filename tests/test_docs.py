"""The documentation is held against the code."""

import re
from pathlib import Path

from comptoir import settings
from comptoir.cli import main

ROOT = Path(__file__).parent.parent


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operating.md").read_text(), re.MULTILINE))

    assert documented == set(settings.VARIABLES.values())


def test_every_relative_link_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_commands_that_the_docs_name_exist(capsys: object) -> None:
    named = set(
        re.findall(
            r"`comptoir ([a-z-]+)", "".join(p.read_text() for p in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
        )
    )
    for command in named:
        try:
            main([command, "--help"])
        except SystemExit as end:
            assert end.code == 0, f"`comptoir {command}` is in the docs but not in the program"


def test_every_event_of_the_stream_is_documented_and_no_other() -> None:
    sent = set(re.findall(r'b"event: (\w+)', (ROOT / "comptoir/stream.py").read_text()))
    documented = set(re.findall(r"^\| `(\w+)` \| `[\[{]", (ROOT / "docs/api.md").read_text(), re.MULTILINE))

    assert documented == sent == {"ping", "presence", "presences"}
