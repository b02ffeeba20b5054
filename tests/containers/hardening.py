"""The containers run with as little as they need: users, files, capabilities, memory, networks, grants, secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.containers.stack import PREFIX, SERVICES, Stack, run

WRITES = ("INSERT", "UPDATE", "DELETE")
# What an application's role may not do with tables of its own service's database.
ONLY_ADDED = {"events", "audit_trail"}


def test_each_container_is_confined(stack: Stack) -> None:
    """No root, nothing to write to but what is meant for it, no capabilities, no way to more, limits, a health check."""
    for one in stack.inspected():
        name, host = one["Name"], one["HostConfig"]
        assert re.fullmatch(r"[1-9]\d*(:\d+)?|appuser|nobody", one["Config"]["User"]), name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert not host["Privileged"], name
        assert host["Memory"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert one["Config"]["Healthcheck"]["Test"][0] == "CMD", name
        assert not [mount for mount in one["Mounts"] if "docker.sock" in mount["Source"]], name
        shown = {binding["HostIp"] for bindings in (host["PortBindings"] or {}).values() for binding in bindings}
        assert shown <= {"127.0.0.1"}, name


def test_inside_nothing_is_left_to_take(stack: Stack) -> None:
    ask = "import os; print(os.getuid(), open('/proc/1/status').read())"
    for service in SERVICES:
        for role in ("web", "worker"):
            uid, status = stack.inside(f"{service}-{role}", "python", "-c", ask).split(" ", 1)
            assert uid == "10001"
            assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
            assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
            with pytest.raises(AssertionError, match="Read-only file system"):
                stack.inside(f"{service}-{role}", "python", "-c", "open('/app/left-behind', 'w')")


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_nothing_of_its_siblings_and_no_tools(stack: Stack, service: str) -> None:
    look = "import os; print(os.listdir('/app/services'), os.listdir('/app'))"
    found = stack.inside(f"{service}-web", "python", "-c", look)
    assert not [other for other in SERVICES if other != service and other in found]
    for program in ("gcc", "cc", "make", "git", "python -m pip"):
        with pytest.raises(AssertionError):
            stack.inside(f"{service}-web", "sh", "-c", f"{program} --version")


def test_only_the_gateway_can_be_reached_and_it_cannot_reach_the_databases(stack: Stack) -> None:
    published = {one["Name"].rsplit("-", 2)[1] for one in stack.inspected() if one["HostConfig"]["PortBindings"]}
    assert published == {"gateway"}
    networks = {one["Name"]: set(one["NetworkSettings"]["Networks"]) for one in stack.inspected("gateway", "postgres", "kafka")}
    gateway = next(found for name, found in networks.items() if "gateway" in name)
    assert all(not gateway & found for name, found in networks.items() if "gateway" not in name)


def test_secrets_are_in_files_only(stack: Stack) -> None:
    """Not in the environment of a container, not in an image, not in what any of them printed."""
    held = [path.read_text().strip() for path in (stack.folder / "secrets").iterdir()]
    secrets = [re.sub(r"^.*://\w+:([0-9a-f]+)@.*$", r"\1", text) for text in held]
    assert len(set(secrets)) == len(secrets) == 20
    told = json.dumps(stack.inspected()) + stack.logs()
    told += "".join(run("docker", "history", "--no-trunc", f"{PREFIX}{service}") for service in SERVICES)
    for container in stack.ids():
        told += run("docker", "exec", container, "sh", "-c", "tr '\\0' '\\n' < /proc/1/environ; env")
    assert not [n for n, secret in enumerate(secrets) if secret in told]


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_may_do_in_its_database_what_it_needs_and_no_more(stack: Stack, service: str) -> None:
    rows = stack.sql(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {"events", "audit_trail", "commands", "envelopes"} <= {row[0] for row in rows}
    for (table,) in rows:
        expected = ["INSERT"] if table in ONLY_ADDED else list(WRITES)
        asked = ", ".join(f"has_table_privilege('{service}', '{table}', '{right}')" for right in WRITES)
        held = [right for right, answer in zip(WRITES, stack.sql(service, f"SELECT {asked}")[0], strict=True) if answer == "t"]
        assert held == expected, table
    unwanted = ("TRUNCATE", "REFERENCES", "TRIGGER")
    asked = " OR ".join(f"has_table_privilege('{service}', 'events', '{right}')" for right in unwanted)
    assert stack.sql(service, f"SELECT {asked}, has_schema_privilege('{service}', 'public', 'CREATE')") == [["f", "f"]]
    owner = stack.sql(service, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owner == [[f"{service}_owner"]]


def test_no_role_reaches_the_database_of_another_service(stack: Stack) -> None:
    for service in SERVICES:
        own = {service, f"{service}_keys", "identity"}
        asked = f"datallowconn AND has_database_privilege('{service}', datname, 'CONNECT')"
        may = stack.sql("postgres", f"SELECT datname FROM pg_database WHERE {asked}")
        assert {row[0] for row in may} == own
    flags = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    powerful = stack.sql("postgres", f"SELECT rolname FROM pg_roles WHERE ({flags}) AND rolname NOT LIKE 'pg\\_%'")
    assert powerful == [["postgres"]]


def test_a_wrong_password_and_a_foreign_role_are_refused(stack: Stack) -> None:
    """With the very words that a service would use, over the network between containers."""
    ask = "import sys, psycopg; psycopg.connect(sys.argv[1])"
    url = Path(stack.folder / "secrets" / "membership_database_url").read_text().strip().replace("+psycopg", "")
    stack.inside("membership-web", "python", "-c", ask, url.replace("{service}", "membership"))
    for wrong in (url.replace("{service}", "mediation"), re.sub(r":\w+@", ":guessed@", url).replace("{service}", "membership")):
        with pytest.raises(AssertionError, match=r"permission denied for database|password authentication failed"):
            stack.inside("membership-web", "python", "-c", ask, wrong)


def test_the_broker_makes_no_topic_by_itself(stack: Stack) -> None:
    words = ("/opt/kafka/bin/kafka-topics.sh", "--bootstrap-server", "127.0.0.1:9094", "--list")
    found = set(stack.inside("kafka", *words).split())
    assert found - {"__consumer_offsets"} == {
        f"32.{service}.{view}.v1" for service in SERVICES for view in ("interagency", "public")
    }
