"""Small files of our own, as French programs write them."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

CLIENTS = """N° client;Raison sociale;Pays;Interlocuteur;E-mail;Téléphone;Zone
C-0412;Garage Léa Morel;France;Léa Morel;lea@garage-morel.example;06 12 34 56 78;Nord
C-0413;Carrosserie Dupré;Belgique;Zoé Dupré;zoe@dupre.example;0470 12 34 56;Sud
C-0414;Auto Sans Souci;;;pas-une-adresse;;Sud
;;;Personne;personne@example.com;;
"""
FACTURES = """Type;N° pièce;Code client;Date;Montant TTC;Statut;Lien
Facture;FA-2026/0042;c 0412;24/11/2026;1 234,56 €;Payée;https://erp.example/fa/42
BL;BL 77;C-0413;3/2/26;;Livré;
Facture;FA-2026/0043;C-9999;2026-11-25;-12,5;Due;
Facture;FA-2026/0044;C-0412;31/02/2026;10;Due;
"""


def workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    """The least that a spreadsheet program opens."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for path, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), *_BOOK):
            book.writestr(path, text)
        body = "".join(f'<row r="{n}">{"".join(map(_cell, row))}</row>' for n, row in enumerate(rows, 1))
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    return packed.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>',
    ),
)
