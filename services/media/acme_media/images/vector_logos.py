"""Which SVG documents are drawn at all: those that stand for themselves.

The renderer runs no scripts and reaches no network, but would read a picture from this machine's disk.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

MOST_ELEMENTS: Final = 5_000
_REFUSED: Final = {"script", "foreignObject", "iframe", "image", "feImage", "audio", "video", "style"}
"""`style` could import; presentation attributes say the same."""
_INSIDE: Final = re.compile(r"url\(\s*['\"]?#")
_ANY_URL: Final = re.compile(r"url\(|@import", re.IGNORECASE)


def is_self_contained(document: str) -> bool:
    if "<!" in document.replace("<!--", "").replace("<![CDATA[", ""):
        return False  # a document type may declare entities
    try:
        elements = list(ET.fromstring(document).iter())  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError:
        return False
    is_svg = bool(elements) and _local(elements[0].tag) == "svg"
    return is_svg and len(elements) <= MOST_ELEMENTS and all(_stands_for_itself(each) for each in elements)


def _stands_for_itself(element: ET.Element) -> bool:
    if _local(element.tag) in _REFUSED:
        return False
    for name, value in element.attrib.items():
        if _local(name) == "href" and not value.strip().startswith("#"):
            return False
        if _local(name).lower().startswith("on"):
            return False
        if len(_ANY_URL.findall(value)) != len(_INSIDE.findall(value)):
            return False
    return True


def _local(name: object) -> str:
    """Without its namespace; a comment has no name."""
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else ""
