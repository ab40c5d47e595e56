import uvicorn
from fastapi import FastAPI

from acme_config.settings import PlatformSettings, ServerSettings
from acme_core.logs import configure_logging


def serve(app: FastAPI, *, port: int) -> None:
    """Serve until SIGTERM; requests in flight finish."""
    platform, server = PlatformSettings(), ServerSettings()
    configure_logging(level=platform.log_level, as_json=platform.log_json)
    uvicorn.run(
        app,
        host=server.host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the app believes its proxies itself
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=32_768,
    )
