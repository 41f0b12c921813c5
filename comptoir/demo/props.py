"""The props of the scenes, made in code: a picture, a PDF, tables, and the HTML of the mails that have some."""

import io
import math
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

NEEDS = (("reference", "quantite"), ("0 986 494 123", "12"), ("09.9772.11", "4"), ("4410-B", "10"))


@cache
def file(name: str) -> tuple[str, bytes]:
    """(media type, content) of a prop, by its name."""
    if name == "vocal.ogg":
        return "audio/ogg; codecs=opus", (Path(__file__).parent / name).read_bytes()
    if name == "disque.png":
        return "image/png", brake_disc()
    if name.endswith(".png"):
        return "image/png", picture(name)
    if name.endswith(".pdf"):
        return "application/pdf", pdf(name.removesuffix(".pdf"))
    if name.endswith(".xlsx"):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook()
    return "text/csv", "".join(f"{reference};{quantity}\n" for reference, quantity in NEEDS).encode()


@cache
def picture(seed: str) -> bytes:
    """A PNG of 320 by 200: bands of colour, different for each seed."""
    width, height = 320, 200
    shade = sum(seed.encode()) % 160
    rows = b"".join(
        b"\0"
        + b"".join(bytes(((shade + x // 4) % 256, (90 + y) % 256, (200 - (x + y) // 5) % 256)) for x in range(width))
        for y in range(height)
    )
    return _png(width, height, rows)


@cache
def brake_disc() -> bytes:
    """A PNG of a worn brake disc on a workbench: what a customer holds in front of a phone."""
    width, height = 240, 180
    return _png(
        width,
        height,
        b"".join(b"\0" + b"".join(_disc_at(1.5 * x - 170, 1.5 * y - 135) for x in range(width)) for y in range(height)),
    )


def _disc_at(x: float, y: float) -> bytes:
    """The colour of a point, from the middle of the disc."""
    radius, angle = math.hypot(x, y), math.atan2(y, x)
    hole = any(
        math.hypot(x - 38 * math.cos(turn), y - 38 * math.sin(turn)) < 7
        for turn in (n * math.tau / 5 for n in range(5))
    )
    if radius > 118 or radius < 20 or hole:
        wood = int(118 + 12 * math.sin((y + 4 * math.sin(x / 31)) / 5) - (26 if 118 < radius < 126 else 0))
        return bytes((wood, wood * 3 // 4, wood // 2))
    shine = int(34 * math.cos(2 * angle - 0.8))
    if radius < 58:
        return bytes((150 + shine, 152 + shine, 156 + shine))
    groove = int(9 * math.sin(radius * 1.9)) - (30 if 96 < radius < 99 else 0)
    rust = 26 if radius > 112 or radius < 62 else 0
    grey = 172 + shine + groove - rust
    return bytes((min(255, grey + rust), grey - rust // 3, max(0, grey - rust)))


def _png(width: int, height: int, rows: bytes) -> bytes:
    """From rows of RGB, each behind its filter byte."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(title: str) -> bytes:
    """One page that says its title."""
    text = f"BT /F1 28 Tf 72 700 Td ({title}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, start)
    )


def workbook() -> bytes:
    """An Excel workbook of one sheet, the same bytes each time."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in NEEDS)
    rows = "".join(f"<row>{row}</row>" for row in cells)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Besoins" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="sheet1.xml"/></Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), f"<?xml version='1.0'?>{text}")
    return kept.getvalue()


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_TABLE = (
    "<table border='1' cellpadding='6' style='border-collapse:collapse'>"
    "<tr><th>Réf.</th><th>Commandé</th><th>Reçu</th></tr>"
    "<tr><td>4410-B</td><td>12</td><td>10</td></tr><tr><td>0 986 494 123</td><td>4</td><td>4</td></tr></table>"
)
_REMOTE = "<p><img src='https://images.example/logo.png' width='180' alt='logo'></p>"

HTML = {
    "livraison": f"<p>Bonjour,</p><p>La livraison de la commande <b>CMD-8831</b> est incomplète&nbsp;:</p>{_TABLE}"
    f"<p>Le carton était ouvert, photo et bon de livraison joints.</p><p>Léa Morel<br>Garage Morel SARL</p>{_REMOTE}{_REMOTE}",
    "facture": "<p>Bonjour,</p><p>Nous avons réglé la facture <a href='https://agri-loire.example/FA-1190'>FA-1190</a> par "
    f"virement le 12. Pouvez-vous confirmer la réception&nbsp;?</p><p>Service comptabilité<br><i>Agri Loire</i></p>{_REMOTE}",
    "english": "<p>Hello,</p><p>Could you quote <b>40 x W 712/95</b> and <b>20 x C 30 005</b>, delivered to Dover?</p>"
    "<p>Kind regards,<br>Emma Hartley</p>",
    "photo": "<p>Bonjour,</p><p>Vous nous avez livré du LY9B au lieu du LZ9Y&nbsp;:</p><p><img src='cid:prop' width='320'></p>"
    "<p>Le client vient chercher sa voiture jeudi.</p><p>Sophie Bernard</p>",
    "tarif": f"<p>Bonjour,</p><p>Comme convenu au téléphone, voici notre parc.</p>{_TABLE}<p>Nous attendons votre meilleure "
    "offre.</p><p>Le magasin central</p>",
    "arabic": "<div dir='rtl'><p>السلام عليكم،</p><p>أحتاج إلى عرض سعر لعشرين فلتر زيت <b dir='ltr'>W 712/95</b> مع الشحن إلى "
    "الدار البيضاء.</p><p>شكراً جزيلاً<br>يوسف العلمي</p></div>",
    "history": "<p>Bonjour,</p><p>Voici la réponse du transporteur, c'est à vous d'ouvrir le litige.</p><p>Thomas Fournier</p>"
    "<div class='gmail_quote'>Le lun. 16 nov. 2026 à 10:02, Transports Rhône &lt;litiges@transports-rhone.example&gt; a écrit&nbsp;:"
    "<blockquote class='gmail_quote'><p>Le colis 6A&nbsp;4431&nbsp;8890&nbsp;2 a été remis contre signature.</p>"
    f"<p>Seul l'expéditeur peut ouvrir un litige.</p>{_REMOTE}</blockquote></div>",
}
