import re
from pathlib import Path

from tests.services.standalone.objectstore.gaps import RCLONE_GAPS


def test_every_declared_gap_names_a_test() -> None:
    sources = (path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    tests = {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.MULTILINE)}
    assert RCLONE_GAPS.keys() <= tests
