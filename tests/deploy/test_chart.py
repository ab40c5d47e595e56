"""The Helm chart: linted and rendered by Helm's own code, its objects held against Kubernetes' schemas.

Not checked here, for there is no cluster: that a controller does what an object asks for. Objects of KEDA and
External Secrets are in test_custom_resources.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import pytest
import yaml

from acme_config.jobs import QueueName
from acme_config.settings import (
    DatabaseSettings,
    RedisSettings,
    SettingsGroup,
    StorageSettings,
    StripeSettings,
)
from acme_jobs.worker import COMPLETION_WAIT_S
from acme_standalone.settings.environment import settings_defaults
from acme_web.serve import GRACE_S
from tests.deploy.chart import CHART, CUSTOM, OURS, Object, of_kind, render
from tests.deploy.dockerfile import targets
from tests.deploy.read_by import PROCESSES

helm = pytest.importorskip("helm_python", reason="Helm's library has no wheel for this machine")
kubernetes_validate = pytest.importorskip("kubernetes_validate")

KUBERNETES = "1.34"
READ_BY = PROCESSES | {"verify": (DatabaseSettings, RedisSettings, StorageSettings, StripeSettings)}


@pytest.fixture(scope="module")
def objects() -> list[Object]:
    return render(OURS)


def pods(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    for kind in ("Deployment", "Job"):
        for name, item in of_kind(objects, kind).items():
            yield name, item["spec"]["template"]["spec"]
    for name, item in of_kind(objects, "CronJob").items():
        yield name, item["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def test_helm_finds_nothing_wrong() -> None:
    found = helm.lint(str(CHART))
    worse = [item for item in found["messages"] if item["severity"] > 1]  # an icon is recommended
    assert (worse, found["errors"]) == ([], [])


@pytest.mark.parametrize(
    "values", [{}, {"secrets": {"external": {"enabled": False}}, "keda": {"enabled": False}}]
)
def test_every_object_is_what_kubernetes_reads(values: dict[str, Any]) -> None:
    own = render(OURS if not values else {**OURS, **values})
    core = [item for item in own if item["apiVersion"] not in CUSTOM]
    assert len(core) > 25
    for item in core:
        kubernetes_validate.validate(item, KUBERNETES, strict=True)


def test_an_address_that_is_missing_stops_the_install() -> None:
    with pytest.raises(helm.HelmError, match=r"keda\.address"):
        render({**OURS, "keda": {}})


def test_every_image_is_a_target_and_every_target_is_deployed(objects: list[Object]) -> None:
    images = {container["image"] for _, pod in pods(objects) for container in pod["containers"]}
    assert images == {f"images.example.com/acme/{name}:1.2.3" for name in targets()}


def test_no_container_has_rights_or_writes_to_its_root(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            about = container["securityContext"]
            assert (name, about["readOnlyRootFilesystem"], about["allowPrivilegeEscalation"]) == (
                name,
                True,
                False,
            )
            assert about["capabilities"] == {"drop": ["ALL"]}
            assert {"requests", "limits"} <= set(container["resources"])


@pytest.mark.parametrize("name", READ_BY)
def test_a_process_starts_with_what_it_is_given(
    objects: list[Object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, _ in settings_defaults():
        monkeypatch.delenv(variable, raising=False)
    (container,) = dict(pods(objects))[name]["containers"]
    for variable, value in of_kind(objects, "ConfigMap")["config"]["data"].items():
        monkeypatch.setenv(variable, value)
    for item in container["env"]:
        is_optional = item.get("valueFrom", {}).get("secretKeyRef", {}).get("optional", False)
        if not is_optional or item["name"] == "RESEND_API_KEY":
            monkeypatch.setenv(item["name"], item.get("value", token_urlsafe(32)))
    for group in READ_BY[name]:
        group()


def test_every_variable_is_a_setting_and_no_secret_is_in_the_clear(objects: list[Object]) -> None:
    known = {name for name, _ in settings_defaults()} | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    clear = set(of_kind(objects, "ConfigMap")["config"]["data"])
    for _, pod in pods(objects):
        named = {item["name"]: item for item in pod["containers"][0].get("env", ())}
        assert set(named) <= known
        clear |= {name for name, item in named.items() if "value" in item}
    assert clear <= known
    assert clear & secret_settings() == set()


def secret_settings() -> set[str]:
    fields = [item for group in SettingsGroup.__subclasses__() for item in group.model_fields.values()]
    return {str(item.validation_alias) for item in fields if "SecretStr" in str(item.annotation)}


def test_every_secret_reaches_a_process_that_reads_it(objects: list[Object]) -> None:
    given = {item["name"] for _, pod in pods(objects) for item in pod["containers"][0].get("env", ())}
    assert secret_settings() - given == set()


def test_a_process_has_the_time_that_it_takes_to_end(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        grace = pod.get("terminationGracePeriodSeconds", 30)
        stop = pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        needed = COMPLETION_WAIT_S if name.startswith("worker-") else GRACE_S
        assert grace >= stop + needed + 10, name


def test_each_queue_is_scaled_by_its_length(objects: list[Object]) -> None:
    scaled = of_kind(objects, "ScaledObject")
    queues = {item["spec"]["triggers"][0]["metadata"]["listName"] for item in scaled.values()}
    assert queues == set(QueueName) - {QueueName.RELAY}
    for name, item in scaled.items():
        spec = item["spec"]
        assert spec["scaleTargetRef"] == {"name": f"acme-{name}"}
        assert 1 <= spec["minReplicaCount"] < spec["maxReplicaCount"], "periodic jobs need one that is up"
        assert "replicas" not in of_kind(objects, "Deployment")[name]["spec"], "two would set it in turn"
        assert set(spec["triggers"][0]["metadata"]) == {
            *("address", "listName", "listLength", "databaseIndex", "enableTLS")
        }


def test_behind_sentinel_the_scaler_asks_the_sentinels() -> None:
    own = render({**OURS, "keda": {"address": "one:26379,two:26379", "sentinel": "acme"}})
    (trigger,) = of_kind(own, "ScaledObject")["worker-faces"]["spec"]["triggers"]
    assert trigger["type"] == "redis-sentinel"
    assert trigger["metadata"]["addresses"] == "one:26379,two:26379"
    assert trigger["metadata"]["sentinelMaster"] == "acme"


def test_apis_are_scaled_by_their_cpu(objects: list[Object]) -> None:
    for name, item in of_kind(objects, "HorizontalPodAutoscaler").items():
        assert item["spec"]["scaleTargetRef"]["name"] == f"acme-{name}"
        assert item["spec"]["minReplicas"] >= 2
        pod = of_kind(objects, "Deployment")[name]["spec"]["template"]["spec"]
        assert "cpu" in pod["containers"][0]["resources"]["requests"], "the share is of what was requested"


def test_every_deployment_may_lose_one_pod_at_a_time_and_is_spread(objects: list[Object]) -> None:
    deployments, budgets = of_kind(objects, "Deployment"), of_kind(objects, "PodDisruptionBudget")
    assert set(budgets) == set(deployments)
    for name, item in deployments.items():
        selector = item["spec"]["selector"]["matchLabels"]
        labels = item["spec"]["template"]["metadata"]["labels"]
        assert budgets[name]["spec"]["selector"]["matchLabels"] == selector
        assert selector.items() <= labels.items()
        spread = item["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        }


def test_migrations_come_before_everything_and_have_a_secret_of_their_own(objects: list[Object]) -> None:
    hooks = {
        (item["kind"], item["metadata"]["name"]): int(item["metadata"]["annotations"]["helm.sh/hook-weight"])
        for item in objects
        if "helm.sh/hook" in item["metadata"].get("annotations", {})
    }
    assert hooks[("ExternalSecret", "acme-migrate")] < hooks[("Job", "acme-migrate")]
    (container,) = of_kind(objects, "Job")["migrate"]["spec"]["template"]["spec"]["containers"]
    (variable,) = container["env"]
    assert variable["name"] == "DATABASE_URL"
    assert variable["valueFrom"]["secretKeyRef"]["name"] == "acme-migrate"


def test_what_must_be_true_is_looked_at_by_the_clock_past_the_pool(objects: list[Object]) -> None:
    job = of_kind(objects, "CronJob")["verify"]["spec"]
    assert (job["schedule"], job["concurrencyPolicy"]) == ("17 4 * * *", "Forbid")
    (container,) = dict(pods(objects))["verify"]["containers"]
    given = {item["name"]: item for item in container["env"]}
    assert given["DATABASE_URL"]["valueFrom"]["secretKeyRef"]["key"] == "MIGRATION_DATABASE_URL"
    assert given["DATABASE_IS_POOLED"]["value"] == "false"
    assert of_kind(render({**OURS, "verify": {"schedule": ""}}), "CronJob") == {}


def test_only_the_ingress_and_the_monitoring_reach_in_and_pages_call_nobody(objects: list[Object]) -> None:
    policies = of_kind(objects, "NetworkPolicy")
    assert policies["nothing"]["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/instance": "acme"}},
        "policyTypes": ["Ingress", "Egress"],
    }
    (rule,) = policies["callers"]["spec"]["ingress"]
    assert len(rule["from"]) == 2
    assert {port["port"] for port in rule["ports"]} == {3001, 3002, 3003, 4001, 4002}
    (outside,) = policies.pop("webhooks")["spec"]["egress"]
    assert "10.0.0.0/8" in outside["to"][0]["ipBlock"]["except"], "operators name where webhooks go"
    assert "worker-webhooks" in policies["partners"]["spec"]["podSelector"]["matchExpressions"][0]["values"]
    for item in policies.values():
        if "egress" in item["spec"]:
            (excluded,) = item["spec"]["podSelector"]["matchExpressions"]
            assert (excluded["operator"], "web" in excluded["values"]) == ("NotIn", True)


def test_services_and_ingress_lead_to_ports_that_are_open(objects: list[Object]) -> None:
    open_ports = {
        name: {port["name"]: port["containerPort"] for port in pod["containers"][0].get("ports", ())}
        for name, pod in pods(objects)
    }
    services = of_kind(objects, "Service")
    for name, item in services.items():
        assert {port["targetPort"] for port in item["spec"]["ports"]} <= set(open_ports[name])
    (ingress,) = [item for item in objects if item["kind"] == "Ingress"]
    for rule in ingress["spec"]["rules"]:
        backend = rule["http"]["paths"][0]["backend"]["service"]
        ports = services[backend["name"].removeprefix("acme-")]["spec"]["ports"]
        assert backend["port"]["number"] in {port["port"] for port in ports}


def test_the_values_name_no_registry_and_no_secret() -> None:
    text = Path(CHART / "values.yaml").read_text()
    values = yaml.safe_load(text)
    assert values["image"]["repository"] == "acme"
    assert not re.search(r"(?i)(password|secret_key|api_key): *\S", text)
