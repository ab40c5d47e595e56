"""The Helm chart, rendered by Helm's own code with what an operator fills in."""

from typing import Any

import pytest
import yaml

from tests.deploy.dockerfile import ROOT

CHART = ROOT / "deploy" / "helm" / "acme-photos"
CUSTOM = {"keda.sh/v1alpha1", "external-secrets.io/v1"}
"""Not of Kubernetes itself."""
OURS: dict[str, Any] = {
    "image": {"repository": "images.example.com/acme", "tag": "1.2.3"},
    "keda": {"address": "valkey.data:6379"},
    "secrets": {"external": {"store": {"name": "vault"}}},
    "config": {
        "S3_ENDPOINT_URL": "https://account.store.example",
        "BACKOFFICE_API_URL": "https://back.example.com",
        "MAIN_API_URL": "https://api.example.com",
        "MEDIA_API_URL": "https://media.example.com",
        "BACKOFFICE_WEB_URL": "https://studio.example.com",
        "MAIN_WEB_URL": "https://photos.example.com",
        "CORS_ORIGINS": '["https://studio.example.com","https://photos.example.com"]',
        "MAIL_FROM": "Photos <photos@example.com>",
    },
    "ingress": {
        "enabled": True,
        "tlsSecret": "tls",
        "hosts": {
            name: f"{name}.example.com"
            for name in ("backoffice-web", "main-web", "backoffice", "main", "media")
        },
    },
}
"""What an operator fills in."""
Object = dict[str, Any]


def render(values: dict[str, Any]) -> list[Object]:
    """Where Helm's library has no wheel, nothing is rendered: the test is skipped."""
    helm = pytest.importorskip("helm_python", reason="Helm's library has no wheel for this machine")
    with helm.Chart.load(str(CHART)) as chart:
        texts: dict[str, str] = chart.render(values, name="acme", namespace="acme")
    return [item for text in texts.values() for item in yaml.safe_load_all(text) if item]


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    return {item["metadata"]["name"].removeprefix("acme-"): item for item in objects if item["kind"] == kind}
