"""What is made of the registries' answers: known faults fail, silence does not."""

import json

import pytest

from tools.audit import Answer, read_npm, read_pip

CLEAN = {"name": "a", "version": "1", "vulns": []}
FAULTY = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "GHSA-2"}]}


def test_what_is_known_of_python_packages_is_told() -> None:
    answer = read_pip(json.dumps({"dependencies": [CLEAN, FAULTY, {"name": "c", "skip_reason": "x"}]}))
    assert answer == Answer(("b 2: PYSEC-1", "b 2: GHSA-2"))
    assert read_pip(json.dumps({"dependencies": [CLEAN]})) == Answer()
    for unknown in ([], [{"name": "c", "skip_reason": "not found"}]):
        assert read_pip(json.dumps({"dependencies": unknown})).skipped is not None


def test_what_is_known_of_npm_packages_is_told_from_high_on() -> None:
    known = {"a": {"severity": "high"}, "b": {"severity": "moderate"}, "c": {"severity": "critical"}}
    assert read_npm(json.dumps({"vulnerabilities": known})).findings == ("a: high", "c: critical")
    assert read_npm(json.dumps({"vulnerabilities": {}})) == Answer()


@pytest.mark.parametrize("output", ["", "not json", "[]", '{"error": {"code": "ENOAUDIT"}}', "null"])
def test_a_registry_that_does_not_answer_is_no_fault(output: str) -> None:
    for answer in (read_pip(output), read_npm(output)):
        assert answer.findings == ()
        assert answer.skipped is not None
