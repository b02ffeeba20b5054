"""Every overlay before a real API server: strict fields, definitions of custom objects, admission, Pod Security.

Not part of the ordinary run, for it builds the server once: `make test-kubernetes`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.kubernetes import schemas, server
from tests.kubernetes.manifests import HOME, OVERLAYS, Object, called, of_kind, overlay, pod, workloads
from tests.realparts import parts
from tests.realparts.parts import CHECKOUT


@pytest.fixture(scope="module")
def cluster() -> Iterator[server.ApiServer]:
    """The server, with the definitions of Strimzi's and CloudNativePG's objects and the namespace of the platform."""
    made = server.ApiServer()
    try:
        sent(made, *schemas.definitions())
        parts.wait_until(lambda: _known(made), "custom objects", alive=lambda: True, log=lambda: "", timeout=60)
        sent(made, *of_kind(overlay("single-node"), "Namespace").values())
        yield made
    finally:
        made.stop()


def _known(cluster: server.ApiServer) -> bool:
    """Whether every definition is at work."""
    found = json.loads(asked(cluster, "get", "crd", "--output", "json"))["items"]
    conditions = [{one["type"]: one["status"] for one in crd.get("status", {}).get("conditions") or []} for crd in found]
    return all(one.get("Established") == "True" for one in conditions)


def asked(cluster: server.ApiServer, *words: str, given: str = "") -> str:
    """What kubectl answers; its words in the error when it fails."""
    environment = {**os.environ, **cluster.environment}
    words = (str(server.program("kubectl")), *words)
    done = subprocess.run(words, input=given, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-4000:])
    return done.stdout + done.stderr


def sent(cluster: server.ApiServer, *objects: Object, only_asked: bool = False) -> str:
    """Objects are stored, or (`only_asked`) judged to the end and not stored."""
    words = ["create", "--validate=strict", "--filename", "-", *(["--dry-run=server"] if only_asked else [])]
    return asked(cluster, *words, given=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_taken(cluster: server.ApiServer, name: str) -> None:
    """By `kubectl apply -k`, without a warning: that is where Pod Security tells of a workload whose pods it would refuse."""
    folder = str(HOME / "overlays" / name)
    said = asked(cluster, "apply", "--server-side", "--dry-run=server", "--validate=strict", "--kustomize", folder)
    assert len(said.splitlines()) == len(overlay(name))
    assert "Warning" not in said


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_pods_of_an_overlay_are_taken_under_pod_security(cluster: server.ApiServer, name: str) -> None:
    """A workload is taken whatever its pods are; so each pod is put before the server itself."""
    for what, workload in workloads(overlay(name)).items():
        said = sent(cluster, _alone(what, workload), only_asked=True)
        assert "created (server dry run)" in said, what


def _alone(what: str, workload: Object) -> Object:
    """The pod that a controller would make of a workload, with the volumes that a StatefulSet would add."""
    template = deepcopy(pod(workload))
    for claim in workload["spec"].get("volumeClaimTemplates", []):
        name = claim["metadata"]["name"]
        template["spec"]["volumes"].append({"name": name, "persistentVolumeClaim": {"claimName": f"{name}-0"}})
    if what.startswith(("Deployment/", "StatefulSet/")):
        template["spec"]["restartPolicy"] = "Always"
    metadata = {"name": what.partition("/")[2], "namespace": "pkp", "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda spec: spec.update(hostNetwork=True), "hostNetwork=true"),
        (lambda spec: spec["securityContext"].update(runAsUser=0), "runAsUser=0"),
        (lambda spec: spec["securityContext"].pop("seccompProfile"), "seccompProfile"),
        (lambda spec: spec["containers"][0]["securityContext"].pop("capabilities"), "unrestricted capabilities"),
        (lambda spec: spec["initContainers"][0].pop("securityContext"), "allowPrivilegeEscalation != false"),
        (lambda spec: spec["volumes"].append({"name": "host", "hostPath": {"path": "/"}}), "restricted volume types"),
    ],
    ids=["the node's network", "root", "all system calls", "capabilities", "a container that comes first", "the node's files"],
)
def test_a_pod_that_is_not_confined_is_refused(cluster: server.ApiServer, change: Any, told: str) -> None:
    bad = _alone("Deployment/forum-web", workloads(overlay("single-node"))["Deployment/forum-web"])
    change(bad["spec"])
    with pytest.raises(AssertionError, match="violates PodSecurity") as refused:
        sent(cluster, bad, only_asked=True)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("Deployment", lambda spec: spec.update(replica=2), 'unknown field "replica"'),
        ("Deployment", lambda spec: spec["selector"]["matchLabels"].update(other="one"), "does not match template `labels`"),
        ("Kafka", lambda spec: spec["kafka"].update(replicas=3), 'unknown field "replicas"'),
        ("KafkaTopic", lambda spec: spec.update(partitions=0), "should be greater than or equal to 1"),
        ("Cluster", lambda spec: spec.update(primaryUpdateMethod="move"), "Unsupported value"),
        ("NetworkPolicy", lambda spec: spec.update(policyTypes=["Both"]), "Unsupported value"),
    ],
    ids=[
        "a misspelt field",
        "a selector of others' pods",
        "an old field of Strimzi",
        "no partition",
        "an unknown way",
        "an unknown type",
    ],
)
def test_a_mistake_is_noticed(cluster: server.ApiServer, kind: str, change: Any, told: str) -> None:
    bad = deepcopy(next(iter(of_kind(overlay("province"), kind).values())))
    change(bad["spec"])
    with pytest.raises(AssertionError) as refused:
        sent(cluster, bad, only_asked=True)
    assert told in str(refused.value), called(bad)


def test_the_secrets_are_taken_and_the_operators_command_makes_a_pod(cluster: server.ApiServer, tmp_path: Path) -> None:
    """`deploy/kubernetes/secrets` and `run`, against stored objects; the pod is made, and stays without a node."""
    environment = {**os.environ, **cluster.environment, "PATH": f"{server.program('kubectl').parent}:{os.environ['PATH']}"}
    subprocess.run([CHECKOUT / "deploy" / "prepare", tmp_path / "made"], check=True, capture_output=True, timeout=60)
    made = subprocess.run(
        [HOME / "secrets", tmp_path / "made"], env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    asked(cluster, "apply", "--filename", "-", given=made.stdout)
    asked(cluster, "apply", "--kustomize", str(HOME / "overlays" / "single-node"))
    for of in ("forum-worker", "forum-migrate"):
        words = [str(HOME / "run"), of, "restore", "--service", 'a "quoted" name']
        with pytest.raises(subprocess.TimeoutExpired):  # it waits for a node to run the pod
            subprocess.run(words, env=environment, capture_output=True, timeout=20, check=False)
    pods = json.loads(asked(cluster, "get", "pods", "--namespace", "pkp", "--output", "json"))["items"]
    assert sorted(one["metadata"]["name"].rpartition("-")[0] for one in pods) == ["run-forum-migrate", "run-forum-worker"]
    for one in pods:
        (container,) = one["spec"]["containers"]
        assert container["args"] == ["restore", "--service", 'a "quoted" name']
        assert one["spec"]["restartPolicy"] == "Never"
        assert "livenessProbe" not in container
        assert "initContainers" not in one["spec"]
        assert not {"app.kubernetes.io/name", "pod-template-hash"} & set(one["metadata"]["labels"])
