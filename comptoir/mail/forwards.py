"""Who wrote the mail that a colleague passes on: from the attached mail, else from the header that their program quoted.

Programs quote it in the language of who forwards, so a block of `label: value` lines counts whatever the labels say; in
languages that we know, the label of the sender decides. It remains a guess, and is shown as one.
"""

import re
from typing import NamedTuple

from comptoir.channels.port import Person
from comptoir.mail import attributions, headers, threads
from comptoir.mail.addresses import people
from comptoir.mail.attributions import normal
from comptoir.mail.headers import Span
from comptoir.mail.parts import Part

_MAX_TEXT = 100_000
_MAX_LINES = 400
_NEAR = 6  # lines behind the announcement of a forward, where its header is
_MIN_BLOCK = 3

_FROM = re.compile(
    r"(?:from|de|von|van|da|di|fra|från|frá|od|od koho|от|від|відправник|отправитель|lähettäjä|expéditeur|expeditorul?|de la|"
    r"mittente|remitente|remetente|gönderen|kimden|feladó|šalje|šalje se|pošiljatelj|odesílatel|odosielateľ|nadawca|saatja|nuo|"
    r"από|αποστολέας|מאת|من|від кого|发件人|寄件者|寄件人|送信元|差出人|送信者|보낸 사람|người gửi|dari)\Z",
    re.IGNORECASE,
)
_NOT_FROM = re.compile(
    r"(?:to|cc|bcc|cci|copie(?: à)?|kopie|kopi|kopia|kopio|à|a|an|aan|para|til|till|do|destinataires?|destinatario|pour|kime|"
    r"prima|pre|címzett|másolatot kap|komu|кому|копия|копія|vastaanottaja|destinatarul?|adresat|reply-to|répondre à|"
    r"sujet|subject|objet|betreff|oggetto|asunto|送信先|宛先|收件人|抄送)\Z",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"([^\W\d_][^:：<>@]{0,30}?) ?[:：] ?(.*)\Z", re.DOTALL)
_ANNOUNCED = re.compile(
    r"[-_]{3,60} ?[^-_<>@]{3,60}[-_]{3,60}|(?:begin )?forwarded message ?:|début du message (?:réexpédié|transféré) ?:|"
    r"(?:message|mail|courriel) transféré ?:|[-_ ]*>? ?message du \d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}.{0,40}|"
    r"anfang der weitergeleiteten .{3,20}:|inizio messaggio inoltrato ?:|inicio del mensaje reenviado ?:",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(r"[-_]{3,60} ?[^-_<>@:]{3,60}[-_]{3,60} (?=\S)")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"«»„”]{1,64}@[^\s<>()\[\],;:\"]{1,255}")
_DATED = re.compile(r"(?=[^:]{0,200}\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}).{1,300}[^\d]:\Z|.{1,200}\d{1,2}[.:]\d{2}:\Z")
_NAME_MARKS = str.maketrans("", "", "«»„”“\"'")
_SAID_BY = re.compile(r"\A.*?\d{1,2}[:.h]\d{2}[,\s]*(?:[^\W\d_]{2,12} )??(?=[«„\"“]|[A-ZÀ-Þ])", re.DOTALL)
_MAILTO = re.compile(r"[<\[]mailto:[^>\]]*[>\]]", re.IGNORECASE)


class _Quoted(NamedTuple):
    sender: Person
    is_certain: bool  # a header says so, not a sentence


def original_sender(root: Part, subject: str, text: str) -> Person | None:
    """Who is behind a forwarded mail, or None when this mail passes nothing on. An answer that quotes a header, as Outlook
    writes them, is no forward."""
    is_forward = threads.is_forward_subject(subject)
    if threads.is_answer_subject(subject) and not is_forward:
        return None
    attached = _attached(root)
    if attached is not None:
        return attached
    quoted = _quoted(text)
    return quoted.sender if quoted is not None and (quoted.is_certain or is_forward) else None


def _attached(root: Part) -> Person | None:
    for part in root.walk():
        if part.media_type in ("message/rfc822", "message/global"):
            content = part.content
            inner, _ = headers.read(content, Span(0, len(content)))
            found = people(inner.values("from"))
            if found:
                return found[0]
    return None


def _quoted(text: str) -> _Quoted | None:
    lines = [normal(line).lstrip("> ").strip() for line in _broken(text).splitlines()[:_MAX_LINES]]
    for index, line in enumerate(lines):
        if not line:
            continue
        found = _header(lines, index) if _LABELLED.match(line) else None
        if found is not None:
            return found
        if _ANNOUNCED.fullmatch(line):
            person = _soon(lines, index + 1)
            if person is not None:
                return _Quoted(person, True)
        elif "@" in line and (height := attributions.height(lines, index) or bool(_DATED.match(line))):
            person = _in_sentence(" ".join(lines[index : index + height]))
            if person is not None:
                return _Quoted(person, False)
    return None


def _broken(text: str) -> str:
    """Yahoo writes the announcement and the whole header on one line."""
    text = text[:_MAX_TEXT]
    return _ONE_LINE.sub(lambda match: match.group().rstrip() + "\n", text)


def _header(lines: list[str], index: int) -> _Quoted | None:
    """The sender of the block that begins here, when it is one: several labelled lines, or one line that holds two labels."""
    block: list[tuple[str, str]] = []
    for line in lines[index : index + 12]:
        match = _LABELLED.match(line)
        if match is None:
            break
        block.append((match.group(1).strip(), match.group(2)))
    by_label = next((value for label, value in block if _FROM.match(label) and "@" in value), None)
    if by_label is not None:
        is_block = len(block) >= 2 or by_label.count("@") > 2
        return _as_quoted(_person(by_label), is_certain=True) if is_block else None
    if len(block) < _MIN_BLOCK or any(_FROM.match(label) for label, _ in block):
        return None
    unnamed = next((value for label, value in block if "@" in value and not _NOT_FROM.match(label)), "")
    return _as_quoted(_person(unnamed), is_certain=False)


def _as_quoted(person: Person | None, *, is_certain: bool) -> _Quoted | None:
    return _Quoted(person, is_certain) if person is not None else None


def _soon(lines: list[str], index: int) -> Person | None:
    """The first address behind an announcement, unless it is somebody the mail was for."""
    for at in range(index, min(len(lines), index + _NEAR)):
        line = lines[at]
        if "@" not in line:
            continue
        match = _LABELLED.match(line)
        if match and _NOT_FROM.match(match.group(1).strip()):
            continue
        if match is None:
            return _in_sentence(line)
        header = _header(lines, at)
        return header.sender if header is not None else _person(match.group(2))
    return None


def _in_sentence(sentence: str) -> Person | None:
    """`Le 28/10/2021 12:46, « John Doe » <john@acme.com> a écrit :`"""
    match = _ADDRESS.search(sentence)
    if match is None:
        return None
    before = sentence[: match.start()].rstrip("<[( ")
    name = _SAID_BY.sub("", before).translate(_NAME_MARKS).strip(" ,")
    return Person(match.group().lower().strip("."), name if len(name) <= 60 and not re.search(r"\d", name) else "")


def _person(value: str) -> Person | None:
    """One person, cut where the next one or the next label begins."""
    value = (
        _MAILTO.sub("", value) if _ADDRESS.search(_MAILTO.sub("", value)) else value.replace("[", "<").replace("]", ">")
    )
    match = _ADDRESS.search(value)
    if match is None:
        return None
    end = match.end() + (1 if value[match.end() : match.end() + 1] == ">" else 0)
    found = people([value[:end].replace("“", '"').replace("”", '"')])
    return found[0] if found else None
