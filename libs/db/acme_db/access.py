"""What a payment gives, as conditions."""

from sqlalchemy import ColumnElement, and_, or_, select

from acme_db.models import PhotoTag, Purchase, PurchasePhoto
from acme_db.models.photo_tag import ReviewStatus
from acme_db.models.purchase import PurchaseStatus


def gives_access() -> ColumnElement[bool]:
    """A condition: this purchase is paid, and was neither refunded nor lost in a dispute."""
    return and_(
        Purchase.status == PurchaseStatus.PAID,
        Purchase.refunded_at.is_(None),
        Purchase.disputed_at.is_(None),
    )


def is_bought() -> ColumnElement[bool]:
    """A condition: the guest of this tag has paid for its photo, and keeps it whatever becomes of a match."""
    picked = (
        select(PurchasePhoto.photo_id)
        .where(PurchasePhoto.purchase_id == Purchase.id, PurchasePhoto.photo_id == PhotoTag.photo_id)
        .correlate(Purchase, PhotoTag)
        .exists()
    )
    among_all = and_(
        Purchase.photo_count == 0,
        Purchase.project_id == PhotoTag.project_id,
        PhotoTag.review_status == ReviewStatus.CONFIRMED,
    )
    bought = select(Purchase.id).where(
        Purchase.user_id == PhotoTag.user_id, gives_access(), or_(picked, among_all)
    )
    return bought.correlate(PhotoTag).exists()
