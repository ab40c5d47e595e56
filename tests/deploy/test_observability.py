"""Alert rules, recording rules and dashboards: they are true, and about metrics that there are."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from acme_telemetry.metrics import GROUPS

HERE = Path(__file__).resolve().parents[2] / "deploy" / "observability"
PROMETHEUS = HERE / "prometheus"
DASHBOARDS = sorted((HERE / "grafana" / "dashboards").glob("*.json"))
METRIC = re.compile(r"(?<![:\w])(?:acme_|http_)\w+")
RECORDED = re.compile(r"\bacme:[\w:]+")
OF_HISTOGRAM = ("_bucket", "_sum", "_count")


def rules(name: str) -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / name).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(node: Any) -> Iterator[dict[str, Any]]:
    for panel in node.get("panels", []):
        yield panel
        yield from panels(panel)


def expressions() -> Iterator[str]:
    for name in ("alerts.rules.yml", "recording.rules.yml"):
        yield from (rule["expr"] for rule in rules(name))
    yield from expressions_of_dashboards()


def expressions_of_dashboards() -> Iterator[str]:
    for path in DASHBOARDS:
        for panel in panels(json.loads(path.read_text())):
            yield from (target["expr"] for target in panel.get("targets", []))


def named() -> set[str]:
    """Names of metrics in all rules and dashboards, as the metric is declared."""
    found = {name for text in expressions() for name in METRIC.findall(text)}
    return {re.sub(rf"({'|'.join(OF_HISTOGRAM)})$", "", name) for name in found}


def declared() -> dict[str, MetricWrapperBase]:
    metrics = [metric for group in GROUPS.values() for metric in group]
    return {_name(metric): metric for metric in metrics}


def _name(metric: MetricWrapperBase) -> str:
    [family] = metric.describe()
    return f"{family.name}_total" if family.type == "counter" else family.name


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    finder = HERE.parents[1] / "tools" / "find-promtool"
    found = subprocess.run([finder], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(found.stderr.strip())
    command = [found.stdout.strip(), *arguments]
    return subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)


def test_rules_and_dashboards_name_only_metrics_that_there_are() -> None:
    assert named() - declared().keys() == set()


def test_what_is_recorded_is_all_that_is_read_as_recorded() -> None:
    recorded = {rule["record"] for rule in rules("recording.rules.yml")}
    assert {name for text in expressions() for name in RECORDED.findall(text)} <= recorded


def test_every_metric_of_the_platform_stands_in_the_reference() -> None:
    ours = {
        family.name
        for family in REGISTRY.collect()
        if family.name.startswith(("acme_", "http_")) and not family.name.endswith("_created")
    }
    assert ours == {name.removesuffix("_total") for name in declared()}


def test_labels_in_rules_are_those_of_their_metrics() -> None:
    """Beside those that the scrape adds, and `le` of a histogram."""
    added = {"service", "instance", "job", "le"}
    for text in expressions():
        for name, inside in re.findall(r"(?<![:\w])((?:acme_|http_)\w+){([^}]*)}", text):
            metric = declared()[re.sub(rf"({'|'.join(OF_HISTOGRAM)})$", "", name)]
            used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", inside))
            assert used <= {*metric._labelnames, *added}, text


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    page = (HERE.parents[1] / "docs" / "observability.md").read_text()
    for rule in rules("alerts.rules.yml"):
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert f"`{rule['alert']}`" in page


def test_every_alert_is_tried() -> None:
    tests = yaml.safe_load((PROMETHEUS / "alerts.test.yml").read_text())["tests"]
    fired = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in rules("alerts.rules.yml")}


def test_prometheus_takes_the_configuration() -> None:
    done = promtool("check", "config", "prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_every_expression_of_the_dashboards(tmp_path: Path) -> None:
    """As the rules that they could be."""
    read = [{"record": "a:panel", "expr": text} for text in expressions_of_dashboards()]
    (tmp_path / "dashboards.yml").write_text(yaml.safe_dump({"groups": [{"name": "a", "rules": read}]}))
    done = promtool("check", "rules", "--lint=none", str(tmp_path / "dashboards.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(read)} rules found" in done.stdout


def test_alerts_fire_when_they_should() -> None:
    done = promtool("test", "rules", "alerts.test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_has_an_id_and_panels_that_do_not_overlap(path: Path) -> None:
    board = json.loads(path.read_text())
    assert board["uid"].startswith("acme-")
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_the_collector_and_the_provisioning_are_yaml_that_point_at_each_other() -> None:
    collector = yaml.safe_load((HERE / "otel-collector.yml").read_text())
    pipeline = collector["service"]["pipelines"]["traces"]
    for kind in ("receivers", "processors", "exporters"):
        assert set(pipeline[kind]) <= collector[kind].keys()
    provisioning = HERE / "grafana" / "provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "acme.yml").read_text())["datasources"]
    for path in DASHBOARDS:
        for panel in panels(json.loads(path.read_text())):
            if "targets" in panel:
                assert panel["datasource"]["uid"] == source["uid"]
    [provider] = yaml.safe_load((provisioning / "dashboards" / "acme.yml").read_text())["providers"]
    assert provider["options"]["path"].endswith("/dashboards")
