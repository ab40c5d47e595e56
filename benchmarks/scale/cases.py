"""What is asked: every list, every search, every figure, by those with the most rows."""

from dataclasses import dataclass
from uuid import UUID

from acme_standalone.scale.shape import Shape, uid

PAGE, DEEP = 50, 1000
YEAR = "from=2025-11-26&to=2026-11-25"
METRICS = ("revenue", "purchases", "members", "selfies", "photos", "matches")


@dataclass(frozen=True)
class Case:
    name: str
    service: str
    who: str
    path: str
    keys: str | None = None
    """`at, id FROM ...` of all rows of the list, where it has pages."""
    limit_ms: float = 60.0

    @property
    def url(self) -> str:
        return (
            f"/v1{self.path}{'&' if '?' in self.path else '?'}limit={PAGE}"
            if self.keys
            else f"/v1{self.path}"
        )


@dataclass(frozen=True)
class People:
    """The operator, the photographer and the guests of the greatest event, and one of a small one."""

    operator: UUID
    photographer: UUID
    host: UUID
    guest: UUID
    project: str
    small: str

    @classmethod
    def of(cls, shape: Shape) -> "People":
        event, small = shape.events[0], shape.events[-1]
        return cls(
            operator=UUID(uid("operator", event.operator)),
            photographer=UUID(uid("photographer", event.photographers[0])),
            host=UUID(uid("user", event.user_of(event.members.start))),
            guest=UUID(uid("user", small.user_of(small.members.start + 5))),
            project=str(UUID(event.id)),
            small=str(UUID(small.id)),
        )


def cases(people: People) -> list[Case]:
    return [*_of_operator(people), *_of_others(people), *_figures(people)]


def _of_operator(people: People) -> list[Case]:
    here, mine = f"/projects/{people.project}", f"operator_id = '{people.operator}'"
    of = f"project_id = '{people.project}'"
    shown = "deleted_at IS NULL"
    photos, tags = f"uploaded_at, id FROM photos WHERE {shown} AND", "created_at, id FROM photo_tags WHERE"
    there = f"EXISTS (SELECT FROM photos p WHERE p.id = photo_id AND p.{shown})"
    sales = f"created_at, id FROM purchases WHERE {of}"
    own = f"project_id IN (SELECT id FROM projects WHERE {mine})"  # noqa: S608 - ours
    sold = f"SELECT package_id FROM project_packages WHERE {of}"  # noqa: S608 - ours
    assigned = f"SELECT photographer_id FROM project_photographers WHERE {of}"  # noqa: S608 - ours
    entries = [
        ("projects", "/projects", f"created_at, id FROM projects WHERE {mine}"),
        (
            "projects, searched",
            "/projects?q=Place+1",
            f"created_at, id FROM projects WHERE {mine} AND location_name LIKE 'Place 1%'",
        ),
        ("photos", f"{here}/photos", f"{photos} {of}"),
        ("photos, failed", f"{here}/photos?status=failed", f"{photos} {of} AND status = 'failed'"),
        ("members", f"{here}/members", f"joined_at, id FROM project_members WHERE {of}"),
        ("purchases", f"{here}/purchases", sales),
        ("purchases, failed", f"{here}/purchases?status=failed", f"{sales} AND status = 'failed'"),
        ("tags", f"{here}/photo-tags", f"{tags} {of} AND {there}"),
        (
            "tags to review",
            f"{here}/photo-tags?review_status=pending",
            f"{tags} {of} AND review_status = 'pending' AND {there}",
        ),
        ("packages", "/packages", f"created_at, id FROM packages WHERE {mine}"),
        ("photographers", "/photographers", f"created_at, id FROM photographers WHERE {mine}"),
        ("packages of a project", f"{here}/packages", f"created_at, id FROM packages WHERE id IN ({sold})"),
        (
            "photographers of a project",
            f"{here}/photographers",
            f"created_at, id FROM photographers WHERE id IN ({assigned})",
        ),
        ("coaches", f"{here}/coaches", f"created_at, id FROM project_coaches WHERE {of}"),
        ("QR codes", f"{here}/qr-tokens", f"created_at, id FROM qr_tokens WHERE {of}"),
    ]
    listed = [Case(name, "backoffice", "operator", path, keys) for name, path, keys in entries]
    uploads = f"/photographers/me/photos?project_id={people.project}"
    return [
        *listed,
        Case("uploads of a project", "media", "operator", uploads, f"{photos} {of}"),
        Case("uploads of all projects", "media", "operator", "/photographers/me/photos", f"{photos} {own}"),
    ]


def _of_others(people: People) -> list[Case]:
    by = f"uploaded_at, id FROM photos WHERE photographer_id = '{people.photographer}' AND deleted_at IS NULL"
    events = "occurred_at, id FROM audit_events"
    is_shown = (
        "deleted_at IS NULL AND status = 'ready' AND EXISTS (SELECT FROM photo_tags t "
        f"WHERE t.photo_id = photos.id AND t.user_id = '{people.host}' AND review_status = 'confirmed')"
    )
    seen = f"uploaded_at, id FROM photos WHERE project_id = '{people.project}' AND {is_shown}"
    entries = [
        ("own projects", "backoffice", "photographer", "/photographers/me/projects", None),
        ("own uploads", "media", "photographer", "/photographers/me/photos", by),
        (
            "own uploads, failed",
            "media",
            "photographer",
            "/photographers/me/photos?status=failed",
            f"{by} AND status = 'failed'",
        ),
        ("a guest's projects", "main", "guest", "/projects", None),
        ("a guest's packages", "main", "guest", f"/projects/{people.small}/packages", None),
        ("a guest's photos", "main", "host", f"/projects/{people.project}/photos", seen),
        ("a guest's purchases", "main", "guest", "/purchases", None),
        ("operators", "backoffice", "superadmin", "/admin/operators", "created_at, id FROM operators"),
        ("operators, searched", "backoffice", "superadmin", "/admin/operators?q=operator1", None),
        ("audit log", "backoffice", "superadmin", "/admin/audit-events", events),
        (
            "audit log, of money",
            "backoffice",
            "superadmin",
            "/admin/audit-events?category=money",
            f"{events} WHERE action LIKE 'money.%'",
        ),
    ]
    return [Case(*entry) for entry in entries]


def _figures(people: People) -> list[Case]:
    here = f"/projects/{people.project}"
    series = [
        Case(
            f"series: {metric}",
            "backoffice",
            "operator",
            f"/analytics/timeseries?metric={metric}&{YEAR}",
            limit_ms=300.0,
        )
        for metric in METRICS
    ]
    return [
        Case("summary", "backoffice", "operator", "/analytics/summary", limit_ms=200.0),
        Case("summary of a year", "backoffice", "operator", f"/analytics/summary?{YEAR}", limit_ms=200.0),
        *series,
        Case("series as CSV", "backoffice", "operator", f"/analytics/export.csv?{YEAR}", limit_ms=1800.0),
        Case(
            "thresholds tried out",
            "backoffice",
            "operator",
            f"{here}/matching/simulate?confirm=80&review=70",
            limit_ms=1000.0,
        ),
    ]
