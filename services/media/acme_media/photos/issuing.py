"""Issuing URLs for uploads: a photographer's evening is thousands of them, so they go the short way.

One statement tells whether the session is open and whether the caller may upload here, and writes the rows of
all files of the request; it is a transaction of its own, committed when it returns. Only files that the
project holds already need a second one. Why: docs/decisions/0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    DateTime,
    FromClause,
    String,
    Uuid,
    bindparam,
    exists,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

from acme_auth.guards import ACCOUNT_ID, Guard
from acme_auth.principals import Principal, Role
from acme_config.settings import UploadSettings
from acme_core.clock import utc_now
from acme_core.errors import AppError
from acme_core.ids import new_id
from acme_db.models import Photo, Project, ProjectPhotographer
from acme_db.models.photo import IS_HELD
from acme_db.prepared import Prepared
from acme_media.photos.destination import Destination
from acme_media.photos.errors import ProjectNotFound
from acme_media.photos.reissuing import issue_again
from acme_media.photos.schemas import BatchUploadRequest, FileAnnounced, UploadRequest
from acme_media.photos.written import Batch, Issued, Refused, Result
from acme_media.uploads import EXPIRY_MARGIN, PHOTO_CONTENT_TYPES, require_acceptable
from acme_storage import keys
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources

PROJECT_ID = bindparam("project_id", type_=Uuid())
PHOTOGRAPHER_ID = bindparam("photographer_id", type_=Uuid())
EXPIRES_AT = bindparam("upload_expires_at", type_=DateTime(timezone=True))
FILE: dict[str, TypeEngine[Any]] = {
    "id": Uuid(),
    "storage_key": String(),
    "filename": String(),
    "content_type": String(),
    "size_bytes": BigInteger(),
    "sha256": String(),
}
"""What is told of each."""


@dataclass(frozen=True)
class UploadIssuer:
    data: DataResources
    storage: ObjectStorage
    limits: UploadSettings

    async def issue(self, caller: Principal, body: UploadRequest) -> Issued:
        require_acceptable(body.content_type, body.size_bytes, self.limits.max_bytes, PHOTO_CONTENT_TYPES)
        (issued,) = await self._issue(caller, Destination.of(caller, body), [body])
        return issued

    async def issue_all(self, caller: Principal, body: BatchUploadRequest) -> Batch:
        """One file's problem does not stop the others."""
        refused = [self._refusal(file) for file in body.files]
        accepted = [file for file, error in zip(body.files, refused, strict=True) if error is None]
        issued = iter(await self._issue(caller, Destination.of(caller, body), accepted))
        return Batch(
            [
                Result(file.filename, next(issued), None)
                if error is None
                else Result(file.filename, None, Refused.of(error))
                for file, error in zip(body.files, refused, strict=True)
            ]
        )

    def _refusal(self, file: FileAnnounced) -> AppError | None:
        try:
            require_acceptable(file.content_type, file.size_bytes, self.limits.max_bytes, PHOTO_CONTENT_TYPES)
        except AppError as error:
            return error
        return None

    async def _issue(
        self, caller: Principal, to: Destination, files: Sequence[FileAnnounced]
    ) -> list[Issued]:
        """Of each file, in their order. Raises `SessionEnded` or `ProjectNotFound`."""
        project_id = str(to.project_id)
        places = [(photo_id, keys.original(project_id, photo_id)) for photo_id in _new_ids(len(files))]
        added = await self._add(caller, to, places, files)
        others = [file for (new_id, _), file in zip(places, files, strict=True) if new_id not in added]
        held = await issue_again(self.data, self.storage, to, others) if others else {}
        urls = self.storage.uploads_now()
        return [
            Issued.of(photo_id, urls.presign(key, file.content_type, file.size_bytes))
            if photo_id in added
            else held.get(file.sha256 or "") or await self._issue_one(caller, to, file)
            for (photo_id, key), file in zip(places, files, strict=True)
        ]

    async def _issue_one(self, caller: Principal, to: Destination, file: FileAnnounced) -> Issued:
        """The project held it, and does not any more: it was deleted, or has failed, in between."""
        (issued,) = await self._issue(caller, to, [file])
        return issued

    async def _add(
        self,
        caller: Principal,
        to: Destination,
        places: Sequence[tuple[str, str]],
        files: Sequence[FileAnnounced],
    ) -> set[str]:
        """The ids of those that the project did not hold already.

        They are written in the order of their digests: of two who send the same files in two orders, each
        would wait for the other.
        """
        is_one = len(files) == 1
        rows = sorted(zip(places, files, strict=True), key=lambda row: row[1].sha256 or "")
        columns: dict[str, list[Any]] = {
            "id": [photo_id for (photo_id, _), _ in rows],
            "storage_key": [key for (_, key), _ in rows],
            "filename": [file.filename for _, file in rows],
            "content_type": [file.content_type for _, file in rows],
            "size_bytes": [file.size_bytes for _, file in rows],
            "sha256": [file.sha256 for _, file in rows],
        }
        answer = await _statement(caller.role, is_one).fetch(
            self.data.autocommit,
            session_id=caller.session_id,
            account_id=caller.account_id,
            project_id=to.project_id,
            photographer_id=to.photographer_id,
            upload_expires_at=utc_now() + self.storage.upload_lifetime + EXPIRY_MARGIN,
            **{name: column[0] if is_one else column for name, column in columns.items()},
        )
        _may_upload(caller.role).check(answer[0])
        return {str(row["id"]) for row in answer}


def _new_ids(count: int) -> list[str]:
    """As they are written: into keys, rows and the answer."""
    return [str(new_id()) for _ in range(count)]


@lru_cache(maxsize=4)
def _statement(role: Role, is_one: bool) -> Prepared:  # noqa: FBT001 - a key of the cache
    """There is always a row, for what it tells of the session; each new photo has one of its own."""
    may = select(_may_upload(role).asked).cte("may")
    added = _new_photos(may, _one_file() if is_one else _many_files())
    return Prepared(select(may, added.c.id).select_from(may.outerjoin(added, true())))


@cache
def _may_upload(role: Role) -> Guard:
    is_assigned = exists().where(
        ProjectPhotographer.project_id == PROJECT_ID,
        ProjectPhotographer.photographer_id == PHOTOGRAPHER_ID,
        Project.id == ProjectPhotographer.project_id,
        Project.deleted_at.is_(None),
    )
    if role is Role.OPERATOR:
        is_assigned = is_assigned.where(Project.operator_id == ACCOUNT_ID)
    return Guard(is_assigned, ProjectNotFound)


def _one_file() -> FromClause:
    """As most ask: arrays of one cost the driver 9 us more."""
    return select(*(bindparam(name, type_=kind).label(name) for name, kind in FILE.items())).subquery("file")


def _many_files() -> FromClause:
    columns = [bindparam(name, type_=ARRAY(kind)) for name, kind in FILE.items()]
    return func.unnest(*columns).table_valued(*FILE).render_derived(name="file")


def _new_photos(may: CTE, file: FromClause) -> CTE:
    """Of a file that the project holds, none."""
    rows = select(*file.c, PROJECT_ID, PHOTOGRAPHER_ID, EXPIRES_AT).select_from(may.join(file, true()))
    return (
        insert(Photo)
        .from_select(
            [*FILE, "project_id", "photographer_id", "upload_expires_at"],
            rows.where(may.c.session_is_open, may.c.lets_in),
        )
        .on_conflict_do_nothing(
            index_elements=["project_id", "sha256"],
            index_where=text(IS_HELD),
        )
        .returning(Photo.id)
        .cte("added")
    )
