"""XML in and out."""

import re
from collections.abc import Sequence
from typing import TypeAlias
from xml.etree import ElementTree as ET

from acme_standalone.objectstore.errors import ErrorCode, S3Error

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

Element: TypeAlias = ET.Element
Children: TypeAlias = Sequence[tuple[str, "str | Children"]]

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def can_carry(text: str) -> bool:
    """Whether XML 1.0 has a way to write every character of the text."""
    return _NOT_XML.search(text) is None


def render(root: str, children: Children, *, namespace: str | None = NAMESPACE) -> bytes:
    element = ET.Element(root, {"xmlns": namespace} if namespace else {})
    _append(element, children)
    body = ET.tostring(element, encoding="unicode")
    # A parser reads a bare carriage return as a line feed; only the reference survives.
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.replace("\r", "&#13;").encode()


def _append(parent: Element, children: Children) -> None:
    for name, content in children:
        child = ET.SubElement(parent, name)
        if isinstance(content, str):
            child.text = content
        else:
            _append(child, content)


class _StrictTree(ET.TreeBuilder):
    """Drops namespaces, which clients send or leave out, and refuses document types."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        return super().start(tag.rpartition("}")[2], attrs)

    def end(self, tag: str, /) -> Element:
        return super().end(tag.rpartition("}")[2])

    def doctype(self, _name: str, _public_id: str | None, _system: str | None, /) -> None:
        raise S3Error(ErrorCode.MALFORMED_XML, "Document types are not accepted.")


def parse(body: bytes, root: str) -> Element:
    parser = ET.XMLParser(target=_StrictTree())  # noqa: S314 - no document type, so no entity to expand
    try:
        parser.feed(body)
        element: Element = parser.close()
    except ET.ParseError as error:
        raise S3Error(ErrorCode.MALFORMED_XML) from error
    if element.tag != root:
        raise S3Error(ErrorCode.MALFORMED_XML, f"Expected a {root} document.")
    return element


def required_text(element: Element, name: str) -> str:
    text = element.findtext(name)
    if not text:
        raise S3Error(ErrorCode.MALFORMED_XML, f"{element.tag} needs a {name}.")
    return text
