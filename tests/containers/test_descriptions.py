"""What the compose file, the example of its variables, the alerts and the dashboard say fits together; no engine is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml
from prometheus_client import REGISTRY

from shared.ops import metrics
from shared.settings import VARIABLES
from tests.containers.stack import SERVICES
from tests.realparts.parts import CHECKOUT

COMPOSE = CHECKOUT / "docker-compose.yml"
EXAMPLE = CHECKOUT / "deploy" / "env.example"
OBSERVABILITY = CHECKOUT / "deploy" / "observability"


def used() -> dict[str, str]:
    """Every variable that the compose files take, with the value that stands in."""
    text = COMPOSE.read_text("utf-8") + (CHECKOUT / "deploy" / "tls.yml").read_text("utf-8")
    return dict(re.findall(r"\$\{([A-Z_]+):-([^${}]*)", text))


def test_every_variable_is_explained_with_the_value_that_stands_in() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    explained = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))
    own = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    assert set(used()) - own == set(explained) - own
    differing = {
        name: (default, explained[name]) for name, default in used().items() if name not in own and default != explained[name]
    }
    assert not differing
    for n, line in enumerate(lines):
        if re.match(r"#?[A-Z_]+=", line):
            before = next(one for one in reversed(lines[:n]) if not re.match(r"#?[A-Z_]+=", one))
            assert before.startswith("# "), line


def test_settings_of_the_platform_have_the_same_defaults_in_containers() -> None:
    known = {one.name: one.meta["default"] for one in VARIABLES if one.meta["default"] is not None}
    differing = {name: default for name, default in used().items() if name in known and default != known[name]}
    assert not differing


def test_the_compose_file_gives_settings_that_exist() -> None:
    composed = yaml.safe_load(COMPOSE.read_text("utf-8"))
    known = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    assert set(composed["x-web"]["environment"]) | set(composed["x-bus"]) <= known


def test_each_service_has_its_three_containers_with_its_own_secrets() -> None:
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    for service in SERVICES:
        for role, url in (("web", "database"), ("worker", "database"), ("migrate", "owner")):
            one = services[f"{service}-{role}"]
            assert one["image"] == "${IMAGE_PREFIX:-pkp/}" + service + ":${IMAGE_TAG:-latest}"
            also = ["oidc_client_secret"] if role == "web" else [{"source": f"{service}_bus_password", "target": "bus_password"}]
            own = {"source": f"{service}_{url}_url", "target": "database_url"}
            assert one["secrets"] == ["secret_key", "master_key", *also, own]
            assert {"cap_drop": ["ALL"], "read_only": True}.items() <= one.items()


def test_alerts_and_dashboard_ask_for_numbers_that_exist() -> None:
    names = {sample.name for family in REGISTRY.collect() for sample in (family, *family.samples)}
    known = names | {f"{family.name}{end}" for family in REGISTRY.collect() for end in ("_total", "_bucket", "_count", "_sum")}
    assert metrics.build in REGISTRY._names_to_collectors.values()
    for file in (OBSERVABILITY / "prometheus" / "alerts.yml", OBSERVABILITY / "grafana" / "dashboards" / "pkp.json"):
        asked = set(re.findall(r"\bpkp_[a-z_]+", file.read_text("utf-8")))
        assert asked
        assert asked <= known, asked - known


def test_alerts_and_dashboard_ask_for_labels_that_exist() -> None:
    """A label that nobody sets makes a panel of one line, or an alert that is never told apart; Prometheus takes both."""
    found = {"le", *(target for one in scraped() for target in one)}
    ours = [one for one in REGISTRY._names_to_collectors.values() if hasattr(one, "_labelnames")]
    labels = {one._name: set(one._labelnames) for one in ours}
    (group,) = yaml.safe_load((OBSERVABILITY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    board = json.loads((OBSERVABILITY / "grafana" / "dashboards" / "pkp.json").read_text("utf-8"))
    asked = [(rule["expr"], " ".join(rule["annotations"].values())) for rule in group["rules"]]
    asked += [(target["expr"], target.get("legendFormat", "")) for panel in board["panels"] for target in panel["targets"]]
    for expr, told in asked:
        known = found.union(*(labels[re.sub("_(total|bucket|count|sum)$", "", name)] for name in re.findall(r"\bpkp_\w+", expr)))
        used = {one.strip() for by in re.findall(r"\bby \(([^)]*)\)", expr) for one in by.split(",")}
        used |= set(re.findall(r"[{,]\s*(\w+)\s*(?:=~|!~|!=|=)", expr))
        used |= set(re.findall(r"\{\{ ?(?:\$labels\.)?(\w+) ?\}\}", told)) - {"value"}
        assert used <= known, (expr, used - known)


def scraped() -> Iterator[set[str]]:
    """The labels that Prometheus gives to all that it finds, here."""
    jobs = yaml.safe_load((OBSERVABILITY / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    for job in jobs:
        yield {"job", "instance", *(one["target_label"] for one in job.get("relabel_configs", []))}


def test_each_alert_says_what_to_do() -> None:
    (group,) = yaml.safe_load((OBSERVABILITY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]:
        assert set(rule["annotations"]) == {"summary", "do"}
        assert rule["labels"]["severity"] in {"page", "look"}


def test_each_alert_is_tried_on_its_trouble_and_on_a_healthy_platform() -> None:
    """What promtool makes of them is seen where a container engine runs."""
    folder = OBSERVABILITY / "prometheus"
    (group,) = yaml.safe_load((folder / "alerts.yml").read_text("utf-8"))["groups"]
    tests = yaml.safe_load((folder / "alerts_test.yml").read_text("utf-8"))["tests"]
    tried = [(one["alertname"], bool(one["exp_alerts"])) for test in tests for one in test["alert_rule_test"]]
    for rule in group["rules"]:
        assert {(rule["alert"], True), (rule["alert"], False)} <= set(tried)


def test_each_panel_says_what_it_shows() -> None:
    board = json.loads((OBSERVABILITY / "grafana" / "dashboards" / "pkp.json").read_text("utf-8"))
    assert all(panel["description"] and panel["targets"] for panel in board["panels"])
