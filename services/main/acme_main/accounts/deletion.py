"""A guest takes the account back: at once for everybody, then erased by a job, with a receipt."""

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.passwords import UNUSABLE
from acme_auth.principals import Principal
from acme_core.clock import utc_now
from acme_db.models import AuditAction, ErasureReceipt, User
from acme_jobs.catalogue import PURGE_BIOMETRICS, ErasureJob
from acme_jobs.outbox import enqueue
from acme_main.accounts import queries
from acme_main.consents.schemas import ReceiptOut
from acme_main.consents.service import receipt_out

NOBODY = "deleted account"


async def delete_account(session: AsyncSession, caller: Principal) -> ReceiptOut:
    """Purchases stay, for the operator's books, without a name; the receipt still finds its address."""
    user = await queries.get_user(session, caller.account_id, lock=True)
    recipient = {"name": user.name, "email": user.email, "locale": user.locale}
    receipt = ErasureReceipt(user_id=user.id, is_account=True, recipient=recipient)
    session.add(receipt)
    await session.flush()  # the job needs the receipt's id
    await queries.end_everything(session, user.id)
    _forget(user)
    record(session, AuditAction.ACCOUNT_DELETED, caller, user.id, receipt=str(receipt.id))
    await enqueue(session, PURGE_BIOMETRICS, ErasureJob(receipt_id=receipt.id))
    return receipt_out(receipt)


def _forget(user: User) -> None:
    """The address is free again for a new account."""
    user.name, user.email = NOBODY, f"{user.id}@deleted.invalid"
    user.password_hash, user.address, user.billing_address = UNUSABLE, None, None
    user.email_verified_at, user.deleted_at = None, utc_now()
