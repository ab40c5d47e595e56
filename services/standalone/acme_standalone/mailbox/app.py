"""The inbox: pages for people, JSON for programs."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from acme_standalone.mailbox.messages import Message, list_messages, read_message
from acme_standalone.mailbox.pages import FRAME_POLICY, PAGE_POLICY, framed_html, inbox_page, message_page


def create_app(folder: Path) -> Starlette:
    async def inbox(_request: Request) -> Response:
        return _html(inbox_page(await run_in_threadpool(list_messages, folder)), PAGE_POLICY)

    async def message(request: Request) -> Response:
        return _html(message_page(await _found(folder, request)), PAGE_POLICY)

    async def message_html(request: Request) -> Response:
        return _html(framed_html(await _found(folder, request)), f"sandbox allow-popups; {FRAME_POLICY}")

    async def api_messages(request: Request) -> Response:
        wanted = request.query_params.get("to")
        messages = await run_in_threadpool(list_messages, folder)
        return JSONResponse({"items": [_as_json(m) for m in messages if wanted is None or m.is_for(wanted)]})

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[
            Route("/", inbox),
            Route("/messages/{name}", message),
            Route("/messages/{name}/html", message_html),
            Route("/api/messages", api_messages),
            Route("/-/health", health),
        ]
    )


async def _found(folder: Path, request: Request) -> Message:
    found = await run_in_threadpool(read_message, folder, request.path_params["name"])
    if found is None:
        raise HTTPException(404, "No such message.")
    return found


def _html(page: str, policy: str) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(page, headers=headers)


def _as_json(message: Message) -> dict[str, str | None]:
    return {
        "id": message.id,
        "to": message.to,
        "subject": message.subject,
        "date": message.date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "text": message.text,
        "html": message.html,
    }
