"""QR codes for screens and printers, and an A4 poster. Pure: values in, bytes out."""

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

from acme_backoffice.qr_tokens.typeface import draw_centred, font_name, printable

ERROR_CORRECTION = "q"
"""A quarter of the code may be dirty or creased."""
QUIET_ZONE = 4
PNG_SCALE = 12
MARGIN = 25 * mm
CODE_SIDE = 110 * mm

_TEXTS = {
    "en": (
        "Find your photos",
        [
            "Scan the code with your phone.",
            "Send one selfie, if you like.",
            "See the photos that you are in.",
        ],
        "No app needed. Face recognition only with your consent.",
    ),
    "de": (
        "Finde deine Fotos",
        [
            "Scanne den Code mit dem Handy.",
            "Schicke ein Selfie, wenn du magst.",
            "Sieh die Fotos, auf denen du bist.",
        ],
        "Keine App nötig. Gesichtserkennung nur mit deiner Einwilligung.",
    ),
}


@dataclass(frozen=True)
class Poster:
    project_name: str
    place: str | None
    start_at: datetime | None
    end_at: datetime | None
    timezone: str
    locale: str
    """BCP 47; its language decides the words, English where there are none."""
    join_url: str


def png(join_url: str) -> bytes:
    return _saved(join_url, "png", scale=PNG_SCALE)


def svg(join_url: str) -> bytes:
    return _saved(join_url, "svg", scale=4, xmldecl=True, svgclass=None, lineclass=None)


def pdf(poster: Poster) -> bytes:
    """One A4 page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(poster.project_name)
    _draw(canvas, poster)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def dates(poster: Poster) -> str:
    """The days of the event where it takes place: `20.06.2026`, or two days."""
    zone = ZoneInfo(poster.timezone)
    pattern = "%d.%m.%Y" if _language(poster.locale) == "de" else "%Y-%m-%d"
    moments = [moment for moment in (poster.start_at, poster.end_at) if moment is not None]
    days = list(dict.fromkeys(moment.astimezone(zone).strftime(pattern) for moment in moments))
    return " \N{EN DASH} ".join(days)


def _draw(canvas: Canvas, poster: Poster) -> None:
    title, steps, footer = _TEXTS[_language(poster.locale)]
    width, height = A4
    top = height - MARGIN
    top = _centred(canvas, poster.project_name, top, 30, bold=True)
    top = _centred(canvas, " · ".join(part for part in (poster.place, dates(poster)) if part), top, 14)
    code = ImageReader(io.BytesIO(png(poster.join_url)))
    canvas.drawImage(code, (width - CODE_SIDE) / 2, top - CODE_SIDE - 8 * mm, CODE_SIDE, CODE_SIDE)
    top = _centred(canvas, title, top - CODE_SIDE - 18 * mm, 24, bold=True)
    for number, step in enumerate(steps, start=1):
        top = _centred(canvas, f"{number}. {step}", top, 15)
    _centred(canvas, footer, MARGIN + 6 * mm, 10)
    _centred(canvas, poster.join_url, MARGIN, 8)


def _centred(canvas: Canvas, text: str, top: float, size: int, *, bold: bool = False) -> float:
    """Wrapped within the margins; returns where the next line may begin."""
    width, _ = A4
    for line in simpleSplit(printable(text), font_name(), size, width - 2 * MARGIN)[:3]:
        draw_centred(canvas, line, top - size, size, is_bold=bold)
        top -= size * 1.35
    return top


def _language(locale: str) -> str:
    language = locale.partition("-")[0]
    return language if language in _TEXTS else "en"


def _saved(join_url: str, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    code = segno.make(join_url, error=ERROR_CORRECTION, micro=False)
    code.save(buffer, kind=kind, border=QUIET_ZONE, **options)
    return buffer.getvalue()
