"""One channel per account."""

from uuid import UUID


def of_user(user_id: UUID) -> str:
    return f"user:{user_id}"


def of_operator(operator_id: UUID) -> str:
    return f"operator:{operator_id}"


def of_photographer(photographer_id: UUID) -> str:
    return f"photographer:{photographer_id}"
