"""The letters of printed pages: Noto Sans, with Latin, Greek and Cyrillic in full, packed into each file."""

import unicodedata
from functools import cache

import fontpkg
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FILL, FILL_AND_STROKE = 0, 2
"""Text render modes of PDF."""
BOLD_STROKE = 1 / 30
"""Of the letters' size: the variable font is read in its regular weight, so bold letters are outlined."""


@cache
def font_name() -> str:
    """Registered with the PDF library when the first page is drawn."""
    font = TTFont("NotoSans", str(fontpkg.path("Noto Sans")))
    pdfmetrics.registerFont(font)
    return str(font.fontName)


def printable(text: str) -> str:
    """What the font has; another script's letters become question marks, pictures and marks are left out."""
    known = pdfmetrics.getFont(font_name()).face.charToGlyph
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if ord(char) in known else _stand_in(char) for char in composed)


def draw_centred(canvas: Canvas, line: str, baseline: float, size: int, *, is_bold: bool) -> None:
    width, _ = A4
    canvas.setFont(font_name(), size)
    canvas.setLineWidth(size * BOLD_STROKE)
    canvas.drawCentredString(width / 2, baseline, line, mode=FILL_AND_STROKE if is_bold else FILL)


def _stand_in(char: str) -> str:
    return "?" if unicodedata.category(char)[0] in "LN" else ""
