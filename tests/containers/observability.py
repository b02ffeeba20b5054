"""The profile `observability`, with a real Prometheus: it finds every process, takes the alerts, answers the dashboard."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import yaml

from tests.containers.stack import SERVICES, Stack, until
from tests.realparts.parts import CHECKOUT

OBSERVABILITY = CHECKOUT / "deploy" / "observability"
DASHBOARD = OBSERVABILITY / "grafana" / "dashboards" / "pkp.json"


@pytest.fixture(scope="module")
def prometheus(stack: Stack) -> httpx.Client:
    stack.compose("--profile", "observability", "up", "--no-build", "--detach", "--wait", "prometheus")
    return httpx.Client(base_url=f"http://127.0.0.1:{stack.variables['PROMETHEUS_PORT']}/api/v1", timeout=20)


def ask(prometheus: httpx.Client, path: str, **params: str) -> Any:
    answer = prometheus.get(path, params=params).json()
    assert answer["status"] == "success", answer
    return answer["data"]


def test_every_process_is_found_and_answers(prometheus: httpx.Client) -> None:
    def well() -> bool:
        targets = ask(prometheus, "/targets", state="active")["activeTargets"]
        return {one["labels"].get("name") for one in targets if one["health"] == "up"} >= wanted

    wanted = {f"{service}-{role}" for service in SERVICES for role in ("web", "worker")}
    until("all processes are up", well, 60)


def test_the_alerts_are_taken_and_a_healthy_platform_raises_none(prometheus: httpx.Client) -> None:
    (written,) = yaml.safe_load((OBSERVABILITY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    assert [rule["name"] for rule in _rules(prometheus)] == [rule["alert"] for rule in written["rules"]]
    until("each rule was asked", lambda: all(rule["health"] == "ok" for rule in _rules(prometheus)), 60)
    assert [rule["name"] for rule in _rules(prometheus) if rule["state"] == "firing"] == []


def test_each_alert_fires_on_its_trouble_and_is_silent_on_a_healthy_platform(stack: Stack, prometheus: httpx.Client) -> None:
    """Planted series, judged by Prometheus' own tool."""
    words = ("promtool", "test", "rules", "/etc/prometheus/pkp/alerts_test.yml")
    assert "SUCCESS" in stack.compose("exec", "-T", "-e", "TMPDIR=/prometheus", "prometheus", *words)


def _rules(prometheus: httpx.Client) -> list[dict[str, Any]]:
    (group,) = ask(prometheus, "/rules", type="alert")["groups"]
    return list(group["rules"])


@pytest.mark.parametrize("panel", json.loads(DASHBOARD.read_text("utf-8"))["panels"], ids=lambda one: one["title"])
def test_a_panel_of_the_dashboard_is_answered(prometheus: httpx.Client, panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        ask(prometheus, "/query", query=target["expr"].replace("$__rate_interval", "1m"))


def test_what_the_platform_did_can_be_seen(prometheus: httpx.Client) -> None:
    for wanted in ('pkp_events_published_total{service="membership"}', 'pkp_events_appended_total{service="membership"}'):
        assert (
            float(until(wanted, lambda w=wanted: ask(prometheus, "/query", query=f"sum({w})")["result"], 60)[0]["value"][1]) > 0
        )
