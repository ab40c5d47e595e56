"""A process that runs for days is not held up by looking through what it was started with."""

import subprocess
import sys

SERVICE = """
import asyncio, gc
from contextlib import asynccontextmanager
from fastapi import FastAPI
from acme_web.serve import prepared

class Opened:
    pass

@asynccontextmanager
async def lifespan(app):
    app.state.opened = Opened()
    yield

app = prepared(lambda: FastAPI(lifespan=lifespan))

async def start():
    async with app.router.lifespan_context(app):
        looked_at = gc.get_objects()
        assert not any(item is app or isinstance(item, Opened) for item in looked_at)
        return looked_at

looked_at = asyncio.run(start())
print(gc.get_freeze_count(), len(looked_at), gc.get_threshold()[0])
"""


def test_what_a_service_is_made_of_is_not_looked_through_again() -> None:
    told = subprocess.run([sys.executable, "-c", SERVICE], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    kept, looked_at, young = (int(word) for word in told.stdout.split()[-3:])
    assert kept > 50_000
    assert looked_at < 2_000
    assert young == 10_000
