"""`python -m acme_storage`: makes the bucket where it is missing, and sets the CORS rule of uploads."""

import asyncio

from acme_config.settings import ServerSettings, StorageSettings
from acme_storage.gateway import ObjectStorage


def main() -> None:
    storage = ObjectStorage(StorageSettings())
    asyncio.run(storage.ensure_bucket(ServerSettings().cors_origins))


if __name__ == "__main__":
    main()
