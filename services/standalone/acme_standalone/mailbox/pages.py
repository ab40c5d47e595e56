"""The inbox's HTML. Everything that comes out of a message is escaped or shut into a sandboxed frame."""

from html import escape

from acme_standalone.mailbox.messages import Message

FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)

LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
td, th {{ text-align: left; padding: .4rem .8rem .4rem 0; }}
tr + tr {{ border-top: 1px solid #ddd; }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
iframe {{ width: 100%; height: 60vh; border: 1px solid #ddd; }}
</style></head><body>{body}</body></html>
"""


def inbox_page(messages: list[Message]) -> str:
    rows = "".join(
        f'<tr><td><a href="/messages/{escape(m.id)}">{escape(m.subject or "(no subject)")}</a></td>'
        f"<td>{escape(m.to)}</td><td>{_instant(m)}</td></tr>"
        for m in messages
    )
    table = (
        f"<table><tr><th>Subject</th><th>To</th><th>When</th></tr>{rows}</table>"
        if rows
        else "<p>No mail yet.</p>"
    )
    return LAYOUT.format(title="Mailbox", body=f"<h1>Mailbox</h1>{table}")


def message_page(message: Message) -> str:
    frame = ""
    if message.html is not None:
        # No scripts and no origin of its own; links open in a new tab, which the sandbox does not follow.
        sandbox = "allow-popups allow-popups-to-escape-sandbox"
        source = f"/messages/{escape(message.id)}/html"
        frame = f'<iframe sandbox="{sandbox}" src="{source}" title="HTML version"></iframe>'
    body = (
        f'<p><a href="/">All mail</a></p><h1>{escape(message.subject or "(no subject)")}</h1>'
        f"<p>To {escape(message.to)}, {_instant(message)}</p>{frame}<pre>{escape(message.text)}</pre>"
    )
    return LAYOUT.format(title=escape(message.subject), body=body)


def framed_html(message: Message) -> str:
    return f'<base target="_blank">{message.html or ""}'


def _instant(message: Message) -> str:
    return f"{message.date:%Y-%m-%d %H:%M:%S} UTC"
