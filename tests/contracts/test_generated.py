"""The committed contracts are what the code says, break no promise, and are written the same way every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import openapi_spec_validator
import pytest
from click.testing import CliRunner
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from shared.contracts import command
from shared.contracts.generate import contract, folder_of, held, installed, problems, write, written
from shared.shape import json_schema

SERVICES = installed()
CHECKOUT = Path(__file__).resolve().parents[2]
every_service = pytest.mark.parametrize("name", SERVICES)


@pytest.fixture(scope="module")
def fresh():
    """What the code says now, by service."""
    return {name: contract(service, command.openapi(service)) for name, service in SERVICES.items()}


# --- drift and promises ---------------------------------------------------------------------------------------------


@every_service
def test_the_committed_contract_is_what_the_code_says(name, fresh):
    """When this fails: `make contracts`, and read what changed before you commit it."""
    folder = folder_of(SERVICES[name])
    committed = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.json")}
    assert committed == {path: written(document) for path, document in fresh[name].items()}


@every_service
def test_no_promise_of_the_committed_contract_is_broken(name, fresh):
    assert problems(held(folder_of(SERVICES[name])), fresh[name]) == []


@every_service
def test_the_files_are_those_of_the_facts_that_leave(name, fresh):
    assert len(fresh[name]) == 2 + len(SERVICES[name].publishes)
    for path, document in fresh[name].items():
        if path.startswith("schemas/"):
            jsonschema_rs.meta.validate(document)
            jsonschema_rs.validate(document, document["examples"][0])


# --- OpenAPI --------------------------------------------------------------------------------------------------------


@every_service
def test_the_openapi_document_holds_to_its_standard(name, fresh):
    assert fresh[name]["openapi.json"]["openapi"].startswith("3.1")
    openapi_spec_validator.validate(fresh[name]["openapi.json"])


@every_service
def test_each_command_that_is_sent_is_one_operation_under_the_name_of_its_class(name, fresh):
    document = fresh[name]["openapi.json"]
    paths = {
        operation["operationId"]: (path, method)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict)
    }
    assert not paths.keys() & {row.command.__name__ for _, row in SERVICES[name].does if row.inner}
    for aggregate, row in SERVICES[name].sent:
        stem = f"/{name}/api/v1/{aggregate.path}"
        path = stem if row.creates else f"{stem}/{{id}}/{row.path}"
        assert paths[row.command.__name__] == (path, "post")
        schema = json_schema(row.command)
        del schema["$schema"]
        assert document["components"]["schemas"][row.command.__name__] == schema


def test_the_standard_catches_a_wrong_document(fresh):
    wrong = {**fresh["membership"]["openapi.json"], "info": {"title": "without a version"}}
    with pytest.raises(OpenAPIValidationError):
        openapi_spec_validator.validate(wrong)


# --- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.platform
def test_the_same_code_writes_the_same_bytes_whatever_the_hash_seed(fresh):
    program = (
        "from shared.contracts.command import openapi\n"
        "from shared.contracts.generate import contract, installed, written\n"
        "for name, service in sorted(installed().items()):\n"
        "    for file, document in sorted(contract(service, openapi(service)).items()):\n"
        "        print(name, file, written(document))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": str(hash("another") % 2**32), "PYTHONPATH": str(CHECKOUT)}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    here = [f"{name} {file} {written(one)}\n" for name, made in sorted(fresh.items()) for file, one in sorted(made.items())]
    assert done.stdout == "".join(here)


def test_a_folder_is_brought_to_the_documents(tmp_path):
    assert write(tmp_path, {"a.json": {"é": 1}, "schemas/b.json": {}}) == ["a.json", "schemas/b.json"]
    assert (tmp_path / "a.json").read_bytes() == '{\n  "é": 1\n}\n'.encode()
    assert write(tmp_path, {"a.json": {"é": 1}, "schemas/b.json": {}}) == []
    assert write(tmp_path, {"a.json": {"é": 2}}) == ["a.json", "schemas/b.json"]
    assert held(tmp_path) == {"a.json": {"é": 2}}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, fresh):
    """The command, writing membership's contract of now into a folder of its own."""
    monkeypatch.setattr(command, "installed", lambda: {"membership": SERVICES["membership"]})
    monkeypatch.setattr(command, "folder_of", lambda service: tmp_path)
    write(tmp_path, fresh["membership"])
    return tmp_path


def test_the_command_writes_only_what_changed(elsewhere):
    (elsewhere / "asyncapi.json").unlink()
    done = CliRunner().invoke(command.contracts)
    assert (done.exit_code, done.output) == (0, "services/membership/contract/asyncapi.json\n")
    assert CliRunner().invoke(command.contracts).output == ""


def test_the_command_does_not_write_over_a_promise(elsewhere):
    """The committed fact had one more field and its enumeration one more member: both are gone from the code."""
    path = elsewhere / "schemas/member-joined.v1.json"
    promised = json.loads(path.read_text("utf-8"))
    promised["properties"]["motto"] = {"type": "string", "default": ""}
    promised["properties"]["component"]["x-extensible-enum"].append("monarchy")
    path.write_text(written(promised), "utf-8")
    (elsewhere / "schemas/member-renamed.v1.json").write_text("{}", "utf-8")

    api = elsewhere / "openapi.json"
    api.write_text(api.read_text("utf-8").replace('Id": "AdmitMember"', 'Id": "WelcomeMember"'), "utf-8")

    refused = CliRunner().invoke(command.contracts)
    assert refused.exit_code == 1
    assert "membership/schemas/member-joined.v1.json: /: motto was removed\n" in refused.output
    assert "membership/schemas/member-joined.v1.json: /component: monarchy left the enumeration" in refused.output
    assert "membership/openapi.json: WelcomeMember: the operation is gone\n" in refused.output
    assert "membership/schemas/member-renamed.v1.json: the fact is no longer told\n" in refused.output
    assert path.read_text("utf-8") == written(promised)

    forced = CliRunner().invoke(command.contracts, ["--breaking"])
    assert forced.exit_code == 0
    assert path.read_text("utf-8") != written(promised)
    assert not (elsewhere / "schemas/member-renamed.v1.json").exists()
