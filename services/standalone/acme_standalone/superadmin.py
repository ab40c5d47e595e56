"""`acme createsuperadmin`: on the platform's own database, or the one of DATABASE_URL."""

import os

import segno
from pydantic import BaseModel

from acme_auth.passwords import PasswordHasher
from acme_auth.second_factors import SecondFactors
from acme_auth.superadmins import NewSuperadmin, create_superadmin
from acme_config.settings import DatabaseSettings, SecondFactorSettings, TokenSettings
from acme_core.schemas import Name
from acme_db.engine import create_engine, create_session_factory
from acme_db.schema_version import require_head
from acme_db.unit_of_work import unit_of_work
from acme_standalone.supervisor.state import DataDirectory
from acme_web.credentials import Email, NewPassword


class Person(BaseModel):
    """The same rules as for every other account."""

    name: Name
    email: Email
    password: NewPassword


def use_settings_of(directory: DataDirectory) -> None:
    """Those of the environment where it names a database, else of the running platform.

    Raises `NotRunningError`.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(directory.running_environment())


def show(made: NewSuperadmin) -> None:
    """On the terminal, and nowhere else: the key of the authenticator app and the recovery codes."""
    print(f"Superadmin {made.account.email} is there. Scan this with an authenticator app:\n")
    segno.make(made.enrolment.uri, micro=False).terminal(compact=True)
    print(f"\nKey: {made.enrolment.key}\n{made.enrolment.uri}\n\nRecovery codes, each for one sign-in:")
    for code in made.recovery_codes:
        print(f"  {code}")


async def create(person: Person) -> NewSuperadmin:
    """Raises `EmailTaken`, `PasswordTooLong` or `SchemaNotAtHead`."""
    passwords = PasswordHasher(TokenSettings().bcrypt_rounds)
    engine = create_engine(DatabaseSettings(), application_name="createsuperadmin")
    try:
        await require_head(engine)
        async with unit_of_work(create_session_factory(engine)) as session:
            return await create_superadmin(
                session,
                passwords,
                SecondFactors(SecondFactorSettings()),
                name=person.name,
                email=person.email,
                password=person.password,
            )
    finally:
        passwords.close()
        await engine.dispose()
