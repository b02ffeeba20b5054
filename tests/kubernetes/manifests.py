"""What `kubectl kustomize` makes of deploy/kubernetes, and how to find one's way in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from tests.kubernetes import server
from tests.realparts.parts import CHECKOUT, PartMissing, first_that_works

HOME = CHECKOUT / "deploy" / "kubernetes"
OVERLAYS = ("single-node", "province", "federation", "observability")
PLATFORMS = OVERLAYS[:3]
SERVICES = ("membership", "advocacy", "mediation", "forum")
Object = dict[str, Any]


@lru_cache(maxsize=1)
def kubectl() -> str:
    """A kubectl that knows Kustomize's components: this machine's, else one built from its sources."""
    return first_that_works("kubectl", [("on the path", _installed), ("Go module proxy", lambda: str(server.program("kubectl")))])


def _installed() -> str:
    found = shutil.which("kubectl")
    if found is None:
        raise PartMissing("kubectl is not installed")
    return found


def kustomized(folder: Path) -> list[Object]:
    """The objects of a folder with a kustomization."""
    done = subprocess.run([kubectl(), "kustomize", str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return [one for one in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if one]


@cache
def overlay(name: str) -> list[Object]:
    """The objects of one of OVERLAYS; read them, change none."""
    return kustomized(HOME / "overlays" / name)


def called(one: Object) -> str:
    """`Deployment/forum-web`, for messages."""
    return f"{one['kind']}/{one['metadata']['name']}"


def of_kind(objects: list[Object], *kinds: str) -> dict[str, Object]:
    """The objects of these kinds by name."""
    return {one["metadata"]["name"]: one for one in objects if one["kind"] in kinds}


def workloads(objects: list[Object]) -> dict[str, Object]:
    """Whatever makes pods, by `kind/name`."""
    return {called(one): one for one in objects if one["kind"] in ("Deployment", "StatefulSet", "Job")}


def pod(workload: Object) -> Object:
    """The pod that a workload makes."""
    template: Object = workload["spec"]["template"]
    return template


def containers(workload: Object) -> list[Object]:
    """All containers of a pod, those that come first included."""
    spec = pod(workload)["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def base_name(name: str) -> str:
    """The name of a ConfigMap without the hash that Kustomize adds."""
    return name.rpartition("-")[0]


def settings_of(objects: list[Object], workload: Object) -> dict[str, str]:
    """The variables that the container of a workload gets."""
    maps = of_kind(objects, "ConfigMap")
    container = pod(workload)["spec"]["containers"][0]
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        found |= maps[source["configMapRef"]["name"]]["data"]
    return found | {one["name"]: one["value"] for one in container.get("env", [])}


def secrets_of(workload: Object) -> Iterator[tuple[str, str, str]]:
    """(secret, key, path) of every file that a workload gets out of a secret."""
    for volume in pod(workload)["spec"].get("volumes", []):
        for source in volume.get("projected", {}).get("sources", []):
            for item in source["secret"]["items"]:
                yield source["secret"]["name"], item["key"], item["path"]


def selects(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector chooses what has these labels."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for one in selector.get("matchExpressions", []):
        assert one["operator"] == "In"
        if labels.get(one["key"]) not in one["values"]:
            return False
    return True
