from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from acme_core.money import exponent, format_amount
from acme_core.pages import Cursor, InvalidCursor, cut_page
from acme_core.photos import FailureCode, failure_reason
from acme_core.schemas import Name, UtcDatetime


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_was(at: datetime, row_id: UUID) -> None:
    assert Cursor.decode(Cursor(at, row_id).encode()) == Cursor(at, row_id)


@given(st.text(max_size=60))
def test_any_other_text_is_an_invalid_cursor(text: str) -> None:
    try:
        found = Cursor.decode(text)
    except InvalidCursor:
        return
    assert Cursor.decode(found.encode()) == found


def test_a_page_tells_whether_more_follows() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [uuid4() for _ in range(3)]
    page, cursor = cut_page(rows, 2, lambda row: Cursor(at, row))
    assert page == rows[:2]
    assert cursor is not None
    assert Cursor.decode(cursor).id == rows[1]
    assert cut_page(rows, 3, lambda row: Cursor(at, row)) == (rows, None)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1999, "EUR", "19.99"), (5, "USD", "0.05"), (1999, "JPY", "1999"), (1999, "KWD", "1.999")],
)
def test_amounts_are_written_in_the_currencys_own_way(amount: int, currency: str, text: str) -> None:
    assert format_amount(amount, currency) == text
    assert exponent(currency) == len(text.partition(".")[2])


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "a\nb", "a\x07", "x" * 256, "\ud800"])
def test_bad_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(name)


def test_names_lose_the_blanks_around_them_and_keep_their_letters() -> None:
    assert TypeAdapter(Name).validate_python("  Jürgen 陈 🎉 ") == "Jürgen 陈 🎉"


class Moment(BaseModel):
    at: UtcDatetime


def test_instants_are_told_in_utc_and_need_a_zone() -> None:
    vienna = datetime(2026, 6, 20, 20, 0, tzinfo=timezone(timedelta(hours=2)))
    assert Moment(at=vienna).model_dump_json() == '{"at":"2026-06-20T18:00:00Z"}'
    with pytest.raises(ValidationError):
        Moment.model_validate({"at": "2026-06-20T20:00:00"})


@pytest.mark.parametrize("code", FailureCode)
def test_every_failure_is_told_with_a_way_on(code: FailureCode) -> None:
    problem, way_on = failure_reason(code).rstrip(".").split(". ")
    assert problem
    assert way_on.startswith(("Copy", "Export", "Try", "Upload", "Use"))
