"""What the manifests say fits together, and with the code: settings, secrets, volumes, ports, walls."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from shared.settings import VARIABLES, load
from tests.kubernetes.manifests import (
    HOME,
    OVERLAYS,
    PLATFORMS,
    SERVICES,
    Object,
    base_name,
    called,
    containers,
    kubectl,
    of_kind,
    overlay,
    pod,
    secrets_of,
    selects,
    settings_of,
    workloads,
)
from tests.realparts.parts import CHECKOUT

BY_OVERLAY = pytest.mark.parametrize("name", OVERLAYS)
BY_PLATFORM = pytest.mark.parametrize("name", PLATFORMS)
# Secrets that operators of PostgreSQL and Kafka make, by the objects that we ask them for.
MADE_BY_OPERATORS = {"pkp-postgres-ca": "Cluster/pkp-postgres", "pkp-cluster-ca-cert": "Kafka/pkp"}
LIBPQ = {"PGHOST", "PGSSLMODE", "PGSSLROOTCERT"}  # PostgreSQL's own names, which its library reads itself


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Object]:
    """What deploy/kubernetes/secrets makes of what deploy/prepare makes."""
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run([CHECKOUT / "deploy" / "prepare", folder / "made"], check=True, capture_output=True, timeout=60)
    path = {"PATH": f"{Path(kubectl()).parent}:{os.environ['PATH']}"}
    words = [HOME / "secrets", folder / "made"]
    done = subprocess.run(words, env=path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {one["metadata"]["name"]: one for one in yaml.safe_load_all(done.stdout)}


@BY_PLATFORM
def test_each_process_gets_settings_that_exist_and_can_be_used(name: str, tmp_path: Path) -> None:
    known = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    objects = overlay(name)
    for what, workload in workloads(objects).items():
        if containers(workload)[0]["image"].startswith("pkp/"):
            given = settings_of(objects, workload)
            assert set(given) - LIBPQ <= known, what
            # Files are looked at by the processes; here it is enough that each is one of those that the pod gets.
            files = {value for variable, value in given.items() if variable.endswith("_FILE")}
            files |= {given[one] for one in LIBPQ & set(given) if given[one].startswith("/")}
            assert files <= {f"/run/secrets/{path}" for _, _, path in secrets_of(workload)}, what
            told = {key: value for key, value in given.items() if not key.endswith("_FILE") and key not in LIBPQ}
            load({**told, **_stand_ins(given), "PKP_DATA_DIR": str(tmp_path)})


def _stand_ins(given: dict[str, str]) -> dict[str, str]:
    """What the secret files would hold."""
    found = {
        "PKP_DATABASE_URL": "postgresql+psycopg://forum:secret@postgres/{service}",
        "PKP_SECRET_KEY": "s" * 32,
        "PKP_MASTER_KEY": "A" * 43 + "=",
    }
    return found | ({"PKP_BUS_PASSWORD": "secret"} if "PKP_BUS_PASSWORD_FILE" in given else {})


@BY_OVERLAY
def test_each_secret_that_is_asked_for_is_made(name: str, secrets: dict[str, Object]) -> None:
    objects = overlay(name)
    there = {called(one) for one in objects}
    for what, workload in workloads(objects).items():
        for secret, key, _ in secrets_of(workload):
            if secret in MADE_BY_OPERATORS:
                assert MADE_BY_OPERATORS[secret] in there, what
                assert key == "ca.crt", f"{what} is to see nothing but the certificate"
            elif f"KafkaUser/{secret}" in there:
                assert what == f"Deployment/{secret}-worker"
                assert key == "password"
            else:
                assert key in secrets[secret]["data"], f"{what}: {secret}"


@BY_PLATFORM
def test_nobody_has_a_secret_that_is_not_his(name: str) -> None:
    """The owner of the tables is known to the migrate job alone, and to the job that makes both roles."""
    made = workloads(overlay(name))
    for service in SERVICES:
        for role in ("web", "worker"):
            got = {secret for secret, _, _ in secrets_of(made[f"Deployment/{service}-{role}"])}
            own = {service} if role == "worker" and name != "single-node" else set()
            assert got - set(MADE_BY_OPERATORS) == {"keys", f"{service}-database"} | own
        got = {secret for secret, _, _ in secrets_of(made[f"Job/{service}-migrate"])}
        assert got - set(MADE_BY_OPERATORS) == {"keys", f"{service}-owner"}
    seen = {what for what, one in made.items() for secret, _, _ in secrets_of(one) if secret == "postgres-superuser"}
    assert seen == {"Job/roles"} | ({"StatefulSet/postgres"} if name == "single-node" else set())


@BY_OVERLAY
def test_each_configmap_and_volume_that_is_asked_for_is_there(name: str) -> None:
    objects = overlay(name)
    maps, claims = of_kind(objects, "ConfigMap"), of_kind(objects, "PersistentVolumeClaim")
    for what, workload in workloads(objects).items():
        volumes = pod(workload)["spec"]["volumes"]
        named = {one["configMap"]["name"] for one in volumes if "configMap" in one}
        named |= {source["configMapRef"]["name"] for one in containers(workload) for source in one.get("envFrom", [])}
        assert named <= set(maps), what
        assert {one["persistentVolumeClaim"]["claimName"] for one in volumes if "persistentVolumeClaim" in one} <= set(claims), (
            what
        )
        there = {one["name"] for one in volumes}
        there |= {one["metadata"]["name"] for one in workload["spec"].get("volumeClaimTemplates", [])}
        for one in containers(workload):
            assert {mount["name"] for mount in one["volumeMounts"]} <= there, what


@BY_PLATFORM
def test_a_services_processes_share_its_high_water_mark(name: str) -> None:
    """One claim per service, for its web processes and workers; on several nodes it must be one that they can share."""
    objects = overlay(name)
    made, claims = workloads(objects), of_kind(objects, "PersistentVolumeClaim")
    assert set(claims) == {f"{service}-state" for service in SERVICES}
    for service in SERVICES:
        assert claims[f"{service}-state"]["spec"]["accessModes"] == [
            "ReadWriteOnce" if name == "single-node" else "ReadWriteMany"
        ]
        for role in ("web", "worker"):
            spec = pod(made[f"Deployment/{service}-{role}"])["spec"]
            mounted = {one["name"]: one["mountPath"] for one in spec["containers"][0]["volumeMounts"]}
            (volume,) = (one for one in spec["volumes"] if "persistentVolumeClaim" in one)
            assert volume["persistentVolumeClaim"]["claimName"] == f"{service}-state"
            assert mounted[volume["name"]] == "/data"
            assert mounted["metrics"] == "/data/metrics", "numbers are each process's own"


@BY_OVERLAY
def test_ports_of_services_and_probes_are_ports_of_pods(name: str) -> None:
    objects = overlay(name)
    pods = [pod(one) for one in workloads(objects).values()]
    for service in of_kind(objects, "Service").values():
        chosen = [one for one in pods if selects({"matchLabels": service["spec"]["selector"]}, one["metadata"]["labels"])]
        assert chosen, called(service)
        for one in chosen:
            names = {port["name"]: port["containerPort"] for port in one["spec"]["containers"][0]["ports"]}
            assert all(port["targetPort"] in names for port in service["spec"]["ports"]), called(service)
    for what, workload in workloads(objects).items():
        for one in containers(workload):
            names = {port["name"] for port in one.get("ports", [])}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                how = one.get(probe, {})
                for kind in {"httpGet", "tcpSocket"} & set(how):
                    assert how[kind]["port"] in names, what


def test_health_is_asked_where_the_code_answers() -> None:
    """Ports by the image's PKP_PORT, paths by shared/ops/health.py."""
    image = (CHECKOUT / "deploy" / "Dockerfile").read_text("utf-8")
    first = int(re.findall(r"\bPKP_PORT=(\d+)", image)[0])
    made = workloads(overlay("single-node"))
    for role, ports in (
        ("web", {"http": first, "management": first + 2}),
        ("worker", {"internal": first + 1, "management": first + 3}),
    ):
        container = pod(made[f"Deployment/forum-{role}"])["spec"]["containers"][0]
        assert {one["name"]: one["containerPort"] for one in container["ports"]} == ports
        for probe in ("started", "live", "ready"):
            name = {"started": "startupProbe", "live": "livenessProbe", "ready": "readinessProbe"}[probe]
            assert container[name]["httpGet"] == {"path": f"/health/{probe}", "port": "management"}


def ways(objects: list[Object]) -> set[tuple[str, str, int]]:
    """(from, to, port) of every way between pods that both ends' policies leave open."""
    pods = {what: pod(one)["metadata"]["labels"] for what, one in workloads(objects).items()}
    out, into = set(), set()
    for policy in of_kind(objects, "NetworkPolicy").values():
        subjects = [what for what, labels in pods.items() if selects(policy["spec"]["podSelector"], labels)]
        for rule in policy["spec"].get("egress", []):
            out |= {(one, other, port) for one in subjects for other, port in _peers(pods, rule, "to")}
        for rule in policy["spec"].get("ingress", []):
            into |= {(other, one, port) for one in subjects for other, port in _peers(pods, rule, "from")}
    return out & into


def _peers(pods: dict[str, dict[str, str]], rule: Object, end: str) -> list[tuple[str, int]]:
    """(pod, port) of a rule, as far as its peers are pods of this namespace; a rule without peers means all."""
    chosen = [one["podSelector"] for one in rule.get(end, [{"podSelector": {}}]) if "namespaceSelector" not in one]
    found = [what for what, labels in pods.items() if any(selects(selector, labels) for selector in chosen)]
    return [(what, port["port"]) for what in found for port in rule["ports"]]


def test_the_walls_leave_open_what_is_needed_and_nothing_else() -> None:
    """From every pod to every pod of a single node, with its numbers watched."""
    objects = overlay("single-node") + overlay("observability")
    web, worker = ([f"Deployment/{service}-{role}" for service in SERVICES] for role in ("web", "worker"))
    jobs = [f"Job/{service}-migrate" for service in SERVICES]
    needed = {("Deployment/gateway", one, 8000) for one in web}
    needed |= {(one, other, 8001) for one in worker for other in worker}
    needed |= {(one, "StatefulSet/postgres", 5432) for one in (*web, *worker, *jobs, "Job/roles")}
    needed |= {(one, "StatefulSet/kafka", 9092) for one in (*worker, "Job/topics")}
    needed |= {("StatefulSet/kafka", "StatefulSet/kafka", port) for port in (9092, 9093)}
    needed |= {("StatefulSet/prometheus", one, 8002) for one in web} | {("StatefulSet/prometheus", one, 8003) for one in worker}
    needed |= {("StatefulSet/grafana", "StatefulSet/prometheus", 9090)}
    assert ways(objects) == needed


@BY_PLATFORM
def test_nothing_is_open_by_default(name: str) -> None:
    policies = of_kind(overlay(name), "NetworkPolicy")
    assert policies["nothing"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    from_anywhere = {what for what, one in policies.items() for rule in one["spec"].get("ingress", []) if "from" not in rule}
    assert from_anywhere == {"gateway"}


@BY_PLATFORM
def test_the_gateway_has_the_files_that_it_has_in_containers(name: str) -> None:
    (found,) = (one for key, one in of_kind(overlay(name), "ConfigMap").items() if base_name(key) == "gateway")
    gateway = CHECKOUT / "deploy" / "gateway"
    assert found["data"] == {file: (gateway / file).read_text("utf-8") for file in ("nginx.conf", "proxy.conf", "shell.conf")}
    included = set(re.findall(r"include /etc/nginx/pkp/([a-z.]+\.conf);", "".join(found["data"].values())))
    script = pod(workloads(overlay(name))["Deployment/gateway"])["spec"]["initContainers"][0]["args"][0]
    assert included - set(found["data"]) == {"names.conf"}
    assert ">/etc/nginx/pkp/names.conf" in script
