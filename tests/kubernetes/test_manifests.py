"""Every overlay can be built, every object is one that the API server would take, every pod is confined."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.settings import VARIABLES
from tests.containers.test_descriptions import COMPOSE
from tests.kubernetes import schemas
from tests.kubernetes.manifests import (
    HOME,
    OVERLAYS,
    PLATFORMS,
    called,
    containers,
    kustomized,
    of_kind,
    overlay,
    pod,
    secrets_of,
    settings_of,
    workloads,
)
from tests.realparts.parts import PartMissing

BY_OVERLAY = pytest.mark.parametrize("name", OVERLAYS)
BY_PLATFORM = pytest.mark.parametrize("name", PLATFORMS)
# Of one container here to one of docker-compose.yml: both have the same image, command, memory and user.
SAME = {"gateway": "gateway", "postgres": "postgres", "kafka": "kafka", "prometheus": "prometheus", "grafana": "grafana"}

# What differs by intent.
APART = {"kafka": r"KAFKA_(LOG_DIRS|.*LISTENER.*|CONTROLLER_.*|.*ACL.*|SUPER.*|AUTHORIZER.*)", "postgres": "PGDATA"}


@BY_OVERLAY
@pytest.mark.parametrize("version", [schemas.OLDEST, schemas.NEWEST])
def test_each_object_is_valid(name: str, version: str) -> None:
    try:
        found = {called(one): schemas.problems(one, version) for one in overlay(name)}
    except PartMissing as reason:
        pytest.fail(str(reason), pytrace=False)
    assert {what: problems for what, problems in found.items() if problems} == {}


def test_a_misspelt_field_and_a_wrong_value_are_noticed() -> None:
    """In an object of each kind of schema."""
    for kind, change in (
        ("Deployment", lambda spec: spec.update(replica=2)),
        ("Kafka", lambda spec: spec["kafka"].update(replicas=3)),
        ("KafkaUser", lambda spec: spec["authorization"]["acls"][0].update(operations=["Reed"])),
        ("KafkaTopic", lambda spec: spec.update(partitions="one")),
        ("Cluster", lambda spec: spec["postgresql"]["synchronous"].update(durability="required")),
    ):
        one = yaml.safe_load(yaml.safe_dump(next(iter(of_kind(overlay("province"), kind).values()))))
        assert schemas.problems(one, schemas.NEWEST) == []
        change(one["spec"])
        assert schemas.problems(one, schemas.NEWEST) != [], kind


@BY_OVERLAY
def test_no_two_objects_have_one_name(name: str) -> None:
    names = [called(one) for one in overlay(name)]
    assert sorted(set(names)) == sorted(names)
    assert {one["metadata"].get("namespace") for one in overlay(name) if one["kind"] != "Namespace"} == {"pkp"}


@BY_OVERLAY
def test_each_pod_is_confined(name: str) -> None:
    for what, workload in workloads(overlay(name)).items():
        spec = pod(workload)["spec"]
        assert spec["automountServiceAccountToken"] is False, what
        assert spec["enableServiceLinks"] is False, what
        assert spec["securityContext"]["runAsNonRoot"] is True, what
        assert spec["securityContext"]["runAsUser"] > 0, what
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, what
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), what
        assert {next(iter(set(volume) - {"name"})) for volume in spec["volumes"]} <= {
            "configMap",
            "emptyDir",
            "persistentVolumeClaim",
            "projected",
        }, what
        for one in containers(workload):
            assert one["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, what
            assert one["resources"]["limits"]["memory"], what
            assert set(one["resources"]["requests"]) == {"cpu", "memory"}, what


@BY_PLATFORM
def test_the_namespace_refuses_pods_that_are_not(name: str) -> None:
    (namespace,) = of_kind(overlay(name), "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@BY_OVERLAY
def test_whatever_serves_is_asked_how_it_is(name: str) -> None:
    for what, workload in workloads(overlay(name)).items():
        (container,) = pod(workload)["spec"]["containers"]
        probes = {"startupProbe", "livenessProbe", "readinessProbe"} & set(container)
        assert len(probes) == (0 if what.startswith("Job/") else 3), what


@BY_PLATFORM
def test_whatever_may_run_twice_is_not_taken_away_at_once(name: str) -> None:
    objects = overlay(name)
    guarded = [one["spec"]["selector"]["matchLabels"] for one in of_kind(objects, "PodDisruptionBudget").values()]
    for one in of_kind(objects, "Deployment").values():
        assert guarded.count(one["spec"]["selector"]["matchLabels"]) == 1, called(one)
        assert one["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        assert one["spec"]["replicas"] == (1 if name == "single-node" else 2)


@BY_OVERLAY
def test_images_memory_and_users_are_those_of_the_compose_file(name: str) -> None:
    composed = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    for what, workload in workloads(overlay(name)).items():
        container, called_there = pod(workload)["spec"]["containers"][0], what.partition("/")[2]
        other = composed["postgres" if called_there == "roles" else SAME.get(called_there, called_there)]
        assert container["image"] == _standing_in(other["image"]), what
        if called_there == "roles":
            continue
        assert container["resources"]["limits"]["memory"].lower() == f"{_standing_in(other['mem_limit'])}i", what
        if "user" in other:
            assert str(pod(workload)["spec"]["securityContext"]["runAsUser"]) == other["user"].partition(":")[0], what
        if called_there.endswith(("-web", "-worker", "-migrate")):
            assert container["args"] == other["command"], what
        if called_there == "topics":  # without the users, whom the broker of a single node does not know
            assert container["args"] == other["command"][: other["command"].index("--grant")], what


def test_kafka_and_postgres_of_a_single_node_are_told_what_those_of_the_compose_file_are() -> None:
    """But for folders, and who is let in at the broker: walls between pods decide that here, names and passwords there."""
    composed = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    made = workloads(overlay("single-node"))
    for service, apart in APART.items():
        container = pod(made[f"StatefulSet/{service}"])["spec"]["containers"][0]
        here = {one["name"]: one["value"] for one in container["env"]}
        there = {key: _standing_in(str(value)) for key, value in composed[service]["environment"].items()}
        same, told = ({key: all[key] for key in all if not re.fullmatch(apart, key)} for all in (here, there))
        assert same == told
    assert container["args"] == [_standing_in(word) for word in composed["postgres"]["command"]]


def _standing_in(text: Any) -> str:
    """A value of the compose file with the defaults of its variables."""
    words = str(text)
    while "${" in words:
        head, _, tail = words.partition("${")
        inner, _, rest = tail.partition("}")
        words = head + inner.partition(":-")[2] + rest
    return words


def test_sign_in_with_an_identity_provider_can_be_added(tmp_path: Path) -> None:
    """Web processes get its settings and the secret, and a way out; workers get neither."""
    below, beside = (os.path.relpath(HOME / part, tmp_path.resolve()) for part in ("overlays/single-node", "components/sign-in"))
    (tmp_path / "kustomization.yaml").write_text(f"namespace: pkp\nresources: [{below}]\ncomponents: [{beside}]\n")
    objects = kustomized(tmp_path)
    assert [problem for one in objects for problem in schemas.problems(one, schemas.NEWEST)] == []
    known = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    for what, workload in workloads(objects).items():
        given = {name: value for name, value in settings_of(objects, workload).items() if name.startswith("PKP_OIDC_")}
        got = ("sign-in", "client_secret", "oidc_client_secret") in secrets_of(workload)
        assert bool(given) == got == what.endswith("-web"), what
        assert set(given) <= known
    assert "sign-in" in of_kind(objects, "NetworkPolicy")


def test_an_operators_own_layer_can_be_put_on_top(tmp_path: Path) -> None:
    """As the README shows it: another version out of another registry."""
    below = os.path.relpath(HOME / "overlays" / "single-node", tmp_path.resolve())
    image = "{name: pkp/forum, newName: registry.example:5000/pkp/forum, newTag: '2026.11'}"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [{below}]\nimages: [{image}]\n")
    made = workloads(kustomized(tmp_path))
    for role in ("Deployment/forum-web", "Deployment/forum-worker", "Job/forum-migrate"):
        assert {one["image"] for one in containers(made[role])} == {"registry.example:5000/pkp/forum:2026.11"}
