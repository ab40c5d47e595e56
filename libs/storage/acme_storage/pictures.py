"""URLs of pictures that are shown again and again.

A URL that is signed anew each time is new to every browser: what it has loaded is loaded again. So time is
cut into windows, a picture's URL is the same all through one, and is signed once for all who see it.
"""

import time
from datetime import UTC, datetime

from acme_storage.signer import UrlSigner

KEPT_URLS = 20_000
"""Some 12 MB."""


class PictureUrls:
    def __init__(self, signer: UrlSigner, *, ttl_s: int, window_s: int) -> None:
        """A URL is good for at least `ttl_s` when it is handed out, and for `window_s` longer at most."""
        self._signer = signer
        self._ttl_s, self._window_s = ttl_s, window_s
        self._window, self._kept = 0, dict[str, str]()

    def url(self, key: str) -> str:
        now = int(time.time())
        if not self._window_s:
            return self._signed(key, now)
        window = now - now % self._window_s
        if window != self._window or len(self._kept) >= KEPT_URLS:
            self._window, self._kept = window, {}
        url = self._kept.get(key)
        if url is None:
            url = self._kept[key] = self._signed(key, window)
        return url

    def _signed(self, key: str, at: int) -> str:
        moment = datetime.fromtimestamp(at, UTC)
        return self._signer.sign("GET", key, at=moment, ttl_s=self._ttl_s + self._window_s)
