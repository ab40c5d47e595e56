"""Which tests may run beside each other, when there are several processes for them (`make test`)."""

from xdist.scheduler import LoadScopeScheduling

_ONE_PLATFORM = "tests/web/"
"""Started once, with what all of these tests look at."""


class ByWhatTheyShare(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Tests of one file share what it has started. The longest lists come first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _ONE_PLATFORM if file.startswith(_ONE_PLATFORM) else file
