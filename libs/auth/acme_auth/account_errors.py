"""What goes wrong with accounts, whoever's they are."""

from acme_core.errors import Conflict, Forbidden, NotFound, Unauthorized


class EmailTaken(Conflict):
    code = "email_taken"
    title = "There is an account with this e-mail address already"


class InvalidCredentials(Unauthorized):
    code = "invalid_credentials"
    title = "E-mail address or password is wrong"


class AccountSuspended(Forbidden):
    code = "account_suspended"
    title = "The platform has suspended this account"


class AccountNotFound(NotFound):
    code = "account_not_found"
    title = "The account no longer exists"
