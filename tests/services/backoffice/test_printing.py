"""What is printed can be read again."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from acme_backoffice.qr_tokens.printing import Poster, dates, pdf
from tests.services.harness import Platform

POSTER = Poster(
    project_name="Sommerfest der Müllers",
    place="Halle 1",
    start_at=datetime(2026, 6, 20, 22, 30, tzinfo=UTC),
    end_at=datetime(2026, 6, 21, 3, 0, tzinfo=UTC),
    timezone="Europe/Vienna",
    locale="de-AT",
    join_url="https://example.com/join/qr_1",
)


async def test_the_png_holds_the_join_url(platform: Platform) -> None:
    event = await platform.new_event()
    token = await event.new_token()
    path = f"/projects/{event.project_id}/qr-tokens/{token['id']}"
    answer = await event.operator.call("GET", f"{path}/qr.png")
    assert answer.headers["content-type"] == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))
    assert code.text == token["join_url"]


async def test_the_svg_is_a_drawing_without_script(platform: Platform) -> None:
    event = await platform.new_event()
    token = await event.new_token("card")
    answer = await event.operator.call("GET", f"/projects/{event.project_id}/qr-tokens/{token['id']}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.rstrip().endswith("</svg>")
    assert "script" not in answer.text


async def test_the_poster_is_one_page_with_the_event_on_it(platform: Platform) -> None:
    event = await platform.new_event(name="Gala", location_name="Hall 1", start_at="2026-06-20T18:00:00Z")
    token = await event.new_token()
    answer = await event.operator.call(
        "GET", f"/projects/{event.project_id}/qr-tokens/{token['id']}/poster.pdf"
    )
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    (page,) = reader.pages
    text = page.extract_text()
    for part in ("Gala", "Hall 1", "2026-06-20", "Find your photos", token["join_url"]):
        assert part in text
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_the_poster_speaks_the_operators_language() -> None:
    text = PdfReader(io.BytesIO(pdf(POSTER))).pages[0].extract_text()
    assert "Finde deine Fotos" in text
    assert "Müllers" in text


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("Polish", "Zażółć gęślą jaźń, Łódź"),
        ("Czech", "Příliš žluťoučký kůň"),
        ("Greek", "Καλή γιορτή στην Αθήνα"),
        ("Russian", "Съёмка: праздник Ёлки"),
        ("Ukrainian", "Їжак, ґудзик, Київ"),
        ("Turkish", "İğd\N{LATIN SMALL LETTER DOTLESS I}r şöleni, çiğ"),
        ("Romanian", "Sărbătoare în Țară"),
        ("Hungarian", "Őszi tűzijáték"),
        ("Vietnamese", "Lễ hội Nguyễn Huệ"),
        ("Icelandic", "Þjóðhátíð í Eyjum"),
    ],
)
def test_the_poster_prints_the_letters_of_europe(language: str, name: str) -> None:
    text = PdfReader(io.BytesIO(pdf(replace(POSTER, project_name=name, place=name)))).pages[0].extract_text()
    assert text.count(name) == 2, language


def test_the_letters_are_packed_into_the_file() -> None:
    page = PdfReader(io.BytesIO(pdf(POSTER))).pages[0]
    for font in page["/Resources"]["/Font"].values():  # type: ignore[index] # a dictionary, says the PDF
        descriptor = font.get_object().get("/FontDescriptor")
        if descriptor is not None:
            assert "/FontFile2" in descriptor.get_object()


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Ball \N{CJK UNIFIED IDEOGRAPH-9648} 2026", "Ball ? 2026"),
        ("Ball \N{PARTY POPPER}\N{VARIATION SELECTOR-16}2026", "Ball 2026"),
        ("Cafe\N{COMBINING ACUTE ACCENT} Ball", "Café Ball"),
    ],
)
def test_what_the_font_has_not_is_marked_or_left_out(name: str, printed: str) -> None:
    text = PdfReader(io.BytesIO(pdf(replace(POSTER, project_name=name)))).pages[0].extract_text()
    assert printed in text


def test_dates_are_those_of_the_place() -> None:
    assert dates(POSTER) == "21.06.2026"


@pytest.mark.parametrize("kind", ["qr.png", "qr.svg", "poster.pdf"])
async def test_another_operators_code_is_not_there(platform: Platform, kind: str) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    token = await event.new_token()
    path = f"/projects/{other.project_id}/qr-tokens/{token['id']}/{kind}"
    answer = await other.operator.call("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "qr_token_not_found")
    missing = f"/projects/{event.project_id}/qr-tokens/{uuid4()}/{kind}"
    assert (await event.operator.call("GET", missing)).status_code == 404


@pytest.mark.parametrize("name", ["陈" * 80, "x" * 255, "a b " * 60])
def test_any_name_fits_on_the_poster(name: str) -> None:
    assert pdf(replace(POSTER, project_name=name)).startswith(b"%PDF")
