"""How mail programs announce the mail they quote: "Le 3 mars 2025, Jean a écrit :", "On Monday Jean wrote:",
"-----Message d'origine-----", and the De/Envoyé/À/Objet block of Outlook.

Lines are compared after `normal`: programs put no-break spaces before colons, zero-width marks, stars for bold.
An attribution must hold a date, an hour or an address beside its verb: "Le client a écrit : « ... »" is a sentence.
"""

import re

_MAX_LINE = 400
_MAX_WRAPPED = 4

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile("[\\s\xa0\u202f\u2007\u2009]+")

_MONTHS = (
    r"janv|févr|fevr|mars|mär|avr|mai|juin|juil|août|aout|sept|octo|nove|déce|dece|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|déc|fév|"
    r"januar|okt|dez|mrt|mei|gen|mag|giu|lug|ago|set|ott|dic|ene|abr|maj|серп|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|"
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:er)?[./ -]{{1,2}}(?:(?:de )?(?:{_MONTHS})[^\W\d_]{{0,8}}\.?|\d{{1,2}})[,./ -]{{1,3}}(?:de )?\d{{2,4}}\b|"
    rf"\b(?:{_MONTHS})[^\W\d_]{{0,8}}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:at |\d{{2,4}}\b)|"
    r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\b|T)|"
    r"\b\d{4}年",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\b\d{1,2} ?[:.h] ?\d{2}\b|\b\d{1,2} ?h\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"]{1,64}@[^\s<>\"]{1,255}")

_OPENING = re.compile(
    r"(?:[-–—*] ?)?(?:le|on|am|op|il|el|em|den|w dniu|dnia|in data|à|in a message dated|at|vào|pada)\b[ ,]",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:\ba écrit|\bwrote|\bwrites|\bsent|\bécrivait|\bscrisse|\bha scritto|\bschrieb|\bschreef|\bescribió|\bescreveu|\bskrev|"
    r"\bnapisał(?:\(a\)|a)?|\bkirjoitti|geschreven|\bnapsal\(a\)|\bпише|\bнаписал|\b写道|\bnapísal\(a\)|\ba scris) ?[:：]{1,2}$",
    re.IGNORECASE,
)
_VERB_INSIDE = re.compile(r"\b(?:schrieb|schreef|skrev|heeft|verfasste|from)\b", re.IGNORECASE)
_DATE_FIRST = re.compile(r"(?:\d{1,4}[-/. ]|\d{1,2}:\d{2}\b|[^\W\d_]{2,10}[.,]{0,2} )")
_TIME_FIRST = re.compile(r"\d{1,2}:\d{2}\b")
_WEEKDAY_FIRST = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|man|tir|ons|tor|fre|lør|søn|di|mi|do|fr|sa|so|pe|ma|ke|to|la|su)"
    r"[^\W\d_]{0,8}[.,]{0,2} \d",
    re.IGNORECASE,
)
_ENDS_WITH_ADDRESS = re.compile(
    r"(?:<[^<>\s]{1,255}@[^<>\s]{1,255} ?>|\"[^\"]{1,100}\"|[^\s<>]{1,64}@[^\s<>]{1,255}) ?:$"
)
_GMT_NAME = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:\d{2} \S.{0,120}$")
_SLASHED = re.compile(r"\d{4}/\d{1,2}/\d{1,2} \S.{0,120}<[^<>\s]+@[^<>\s]+>$")
_NAMED_WROTE = re.compile(r"[^:]{1,120}<[^<>\s]{1,64}@[^<>\s]{1,255}> ?(?:wrote|a écrit) ?:$", re.IGNORECASE)

_SEPARATOR = re.compile(
    r"[-_=*]{2,60} ?(?:original message|forwarded message|forwarded by .{1,120}|message d['’´`] ?origine|"
    r"message original|mail original|mail d['’]origine|message transféré|"
    r"message initial|message forwardé|e-mail d['’]origine|reply message|ursprüngliche nachricht|"
    r"originalnachricht|mensaje original|messaggio originale|mensagem original|oprindelig (?:besked|meddelelse)|"
    r"original meddelelse|ursprungligt meddelande|oorspronkelijk bericht|"
    r"weitergeleitete nachricht|original appointment|rendez-vous d['’]origine) ?[-_=*]{2,60}",
    re.IGNORECASE,
)
_BARE_SEPARATOR = re.compile(
    r"(?:begin forwarded message|début du message (?:réexpédié|transféré)|anfang der weitergeleiteten (?:e-mail|nachricht)|"
    r"message du \d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}) ?:?|message d['’]origine ?:?|original message ?:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"original message|message d['’]origine|message original", re.IGNORECASE)
_REPLY_ABOVE = re.compile(
    r"[-#=*_ ]{0,20}(?:please )?(?:(?:type|write) your reply above|reply above|répondez au-dessus de|écrivez au-dessus de|"
    r"répondre au-dessus de) (?:this|cette) (?:line|ligne)[-#=*_ .]{0,20}",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"[^\W\d_<\"'].{0,100}\b(?:wrote|a écrit|écrivait|schrieb|schreef|escribió|escreveu|ha scritto)\b.{0,60}:$",
    re.IGNORECASE,
)
_FIELDS = {
    "from": r"from|de|von|van|da|fra|från|od|от|lähettäjä|expéditeur",
    "date": r"date|sent|envoyé(?: le)?|envoyée|gesendet|datum|verzonden|inviato|enviado|fecha|dato|sendt|skickat|data|wysłano|le",
    "to": r"to|à|a|an|aan|para|til|till|do|destinataires?|pour|"
    r"cc|copie(?: à)?|bcc|cci|reply-to|répondre à",
    "subject": r"subject|objet|betreff|onderwerp|oggetto|asunto|assunto|emne|ämne|temat|sujet|"
    r"importance|priorité|pièces? jointes?|attachments?",
}
_FIELD = re.compile("|".join(rf"(?P<{name}>(?:{words}) ?[:：])" for name, words in _FIELDS.items()), re.IGNORECASE)
_RULE = re.compile(r"[_=-]{5,200}|\*{5,100}")
_DEVICE = (
    r"(?:my |a |an |the |mon |ma |meinem |mijn )?\[?(?:mail\b|mobile|cell|i?phone|ipad|ipod|outlook|yahoo|windows|samsung|galaxy|"
    r"android|huawei|blackberry|airmail|mailbox|proton|thunderbird|spark|gmail|smartphone|tablette|tablet|portable|téléphone|ordiphone|"
    r"appareil|ordinateur|courrier)"
)
_SENT_FROM = re.compile(
    rf"(?:<<|\()?(?:sent (?:from|via|with|by|using) {_DEVICE}|sent from my .{{1,40}}|from my i?phone|"
    rf"envoyé (?:depuis|à partir d[e'’]|avec|via|de(?:puis)?) ?(?:l['’]application |la messagerie sécurisée )?{_DEVICE}|"
    rf"(?:télécharge[rz]|obten(?:ir|ez)) outlook|get \[?outlook|provenance ?: ?courrier|"
    rf"von meinem .{{1,30}} gesendet|gesendet (?:von|mit) {_DEVICE}|diese nachricht wurde von meinem|verzonden (?:met|vanaf) |"
    rf"sendt fra |skickat från |從我的|inviato da |enviado (?:desde|do) )",
    re.IGNORECASE,
)


def normal(line: str) -> str:
    """The line as it is compared: one kind of space, no invisible marks, no stars around."""
    line = _SPACES.sub(" ", _INVISIBLE.sub("", line[:_MAX_LINE])).strip()
    return line.replace("*", "").strip() if line.startswith("*") and ":" in line else line


def height(lines: list[str], index: int) -> int:
    """How many lines announce a quoted mail from here on; 0 when none do."""
    line = lines[index]
    if not line:
        return 0
    if _SEPARATOR.match(line) or _BARE_SEPARATOR.fullmatch(line):
        return 1 + _block(lines, index + 1, is_announced=True)
    if _REPLY_ABOVE.fullmatch(line):
        return 1
    if _RULE.fullmatch(line) or _ORIGINAL.fullmatch(line):
        block = _block(lines, index + 1, is_announced=True) or _separated(lines, index + 1)
        return 1 + block if block else 0
    return _block(lines, index) or _attribution(lines, index) or _named(lines, index)


def is_sent_from(line: str) -> bool:
    """The advertisement that a telephone puts under a mail."""
    return len(line) <= 120 and bool(_SENT_FROM.match(line))


def _separated(lines: list[str], index: int) -> int:
    """The announcement right under a rule that is there for nothing else."""
    if index >= len(lines) or not (_SEPARATOR.match(lines[index]) or _BARE_SEPARATOR.fullmatch(lines[index])):
        return 0
    return 1 + _block(lines, index + 1, is_announced=True)


def _named(lines: list[str], index: int) -> int:
    """`Paul Roux wrote:` without date or address: believed when quoted lines come right below it."""
    below = next((line for line in lines[index + 1 : index + 3] if line), "")
    return 1 if below.startswith(">") and len(lines[index]) <= 160 and _WROTE.fullmatch(lines[index]) else 0


def _attribution(lines: list[str], index: int) -> int:
    """One sentence, on up to four lines: a date and who wrote."""
    first = lines[index].lstrip("> ")
    if not first:
        return 0
    joined = ""
    for count in range(1, _MAX_WRAPPED + 1):
        if index + count > len(lines) or not lines[index + count - 1]:
            return 0
        line = lines[index + count - 1]
        if count > 1 and line.startswith(">") and not line.endswith(":"):
            return 0
        joined = f"{joined} {line}".strip()[: 2 * _MAX_LINE]
        if count == 1 and not _may_begin(first):
            return 0
        if _announces(joined.lstrip("> ")):
            return count
    return 0


def _may_begin(line: str) -> bool:
    """Whether an attribution can begin on this line: with its opening word and date, with the date, or with who wrote."""
    date = _DATE.search(line)
    if _OPENING.match(line):
        return True
    if date and (date.start() <= 3 or (date.start() <= 20 and bool(_DATE_FIRST.match(line)))):
        return True
    return bool(_ADDRESS.search(line)) or bool(_TIME_FIRST.match(line)) or bool(_WEEKDAY_FIRST.match(line))


def _announces(sentence: str) -> bool:
    if len(sentence) > 2 * _MAX_LINE - 2:
        return False
    if _GMT_NAME.fullmatch(sentence) or _SLASHED.fullmatch(sentence):
        return True
    if not sentence.endswith((":", "：")):
        return False
    if _NAMED_WROTE.fullmatch(sentence):
        return True
    if not _DATE.search(sentence):
        return False
    if _VERB.search(sentence):
        return _may_begin(sentence)
    has_verb = bool(_VERB_INSIDE.search(sentence))
    if _ENDS_WITH_ADDRESS.search(sentence):
        return has_verb or (bool(_HOUR.search(sentence)) and _may_begin(sentence))
    return has_verb and bool(_HOUR.search(sentence)) and _may_begin(sentence)


def _block(lines: list[str], index: int, *, is_announced: bool = False) -> int:
    """The height of a block of header fields (From, Date, To, Subject in any order), blank lines before it included."""
    start = index
    while index < len(lines) and index - start < 3 and not lines[index]:
        index += 1
    begun = index
    found: set[str] = set()
    while index < len(lines) and index - begun < 12 and lines[index]:
        names = (
            {match.lastgroup or "" for match in _FIELD.finditer(lines[index])} if _FIELD.match(lines[index]) else set()
        )
        if not names and (not found or index - begun > 8 or not _continues(lines, index)):
            break
        found |= names
        index += 1
    is_block = _is_block(found, "".join(lines[begun:index]), is_announced=is_announced)
    return index - start if is_block else 0


def _is_block(found: set[str], block: str, *, is_announced: bool) -> bool:
    """`De : Lyon / À : Paris / Date : lundi` is a transport to quote, and De with Objet alone is a contact form."""
    if "from" not in found or len(found) < 2:
        return False
    if is_announced:
        return True
    return ("date" in found or len(found) >= 3) and ("@" in block or {"date", "subject"} <= found)


def _continues(lines: list[str], index: int) -> bool:
    """Whether a line without a field is the wrapped end of the one above: another field comes right behind it."""
    return any(_FIELD.match(line) for line in lines[index + 1 : index + 3] if line)
