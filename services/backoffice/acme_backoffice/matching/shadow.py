"""What a second engine would have made of the photos."""

from acme_auth.principals import Principal
from acme_backoffice.matching import shadow_queries as queries
from acme_backoffice.matching.schemas import DifferenceOut, EngineOpinion, ShadowOut, Verdict
from acme_backoffice.matching.shadow_queries import DifferenceFilter
from acme_core.pages import Page, PageRequest
from acme_db.prepared import Reader, Record
from acme_storage.gateway import ObjectStorage


async def compare_engines(
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    wanted: DifferenceFilter,
    page: PageRequest,
    *,
    is_on: bool,
) -> ShadowOut:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_differences(reader, caller, wanted, page)
    items = [_difference(row, storage) for row in found.rows]
    return ShadowOut(
        is_on=is_on,
        counts=await queries.counts(reader, wanted.project_id),
        differences=Page(items=items, next_cursor=found.next_cursor),
    )


def _difference(row: Record, storage: ObjectStorage) -> DifferenceOut:
    url = storage.picture_url_of
    made = {
        "verdict": _verdict(row["primary_band"], row["shadow_band"]),
        "primary": _opinion(row, "primary"),
        "shadow": _opinion(row, "shadow"),
        "thumbnail_url": url(row["thumbnail_key"]),
        "photo_url": url(row["preview_key"]),
        "face_url": url(row["crop_key"]),
        "selfie_url": url(row["selfie_key"]),
    }
    return DifferenceOut.model_validate({**row, **made})


def _opinion(row: Record, which: str) -> dict[str, object]:
    return {name: row[f"{which}_{name}"] for name in EngineOpinion.model_fields}


def _verdict(primary: str | None, shadow: str | None) -> Verdict:
    if primary == shadow:
        return Verdict.AGREED
    if shadow is None:
        return Verdict.ONLY_PRIMARY
    return Verdict.ONLY_SHADOW if primary is None else Verdict.OTHER_BAND
