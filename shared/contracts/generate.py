"""Writes each service's contract folder from its code; a change that breaks an earlier promise is not written."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from shared.contracts.asyncapi import asyncapi
from shared.contracts.compatibility import breaking, breaking_api
from shared.facts import info, kebab
from shared.service import Service
from shared.shape import json_schema, plain

Json = dict[str, Any]


def installed() -> dict[str, Service]:
    """The services that are installed beside this workshop, by name."""
    package = importlib.import_module("services")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)
    return {name: cast(Service, importlib.import_module(f"services.{name}.service").service) for name in names}


def examples_of(service: Service) -> Mapping[type, Any]:
    """The canonical examples of a service's facts and commands, by class: `EXAMPLES` of the module beside its domain."""
    package = service.aggregates[0].decider.decide.__module__.rsplit(".domain.", 1)[0]
    return cast(Mapping[type, Any], importlib.import_module(f"{package}.examples").EXAMPLES)


def folder_of(service: Service) -> Path:
    """The committed contract folder of an installed service."""
    return Path(cast(str, importlib.import_module(f"services.{service.name}").__file__)).parent / "contract"


def written(document: Any) -> str:
    """JSON as it is committed and served: in the order of the code, with a newline at its end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def schema_name(cls: type) -> str:
    """The file of a fact's schema: `schemas/member-joined.v1.json`."""
    return f"schemas/{kebab(cls.__name__)}.v{info(cls).major}.json"


def contract(service: Service, openapi: Json) -> dict[str, Json]:
    """Every document of a service's contract by its path in the folder; `openapi` is that of its web application."""
    examples = examples_of(service)
    documents = {"openapi.json": openapi, "asyncapi.json": asyncapi(service, examples)}
    for cls in service.publishes:
        documents[schema_name(cls)] = {**json_schema(cls), "examples": [plain(examples[cls])]}
    return documents


def held(folder: Path) -> dict[str, Json]:
    """The documents in a contract folder by their path, {} when there is none."""
    return {path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8")) for path in _files(folder)}


def problems(old: Mapping[str, Json], new: Mapping[str, Json]) -> list[str]:
    """What the contract `new` breaks of the contract `old`, one sentence each."""
    return list(_problems(old, new))


def _problems(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    for name in sorted(old):
        if name.startswith("schemas/") and name not in new:
            yield f"{name}: the fact is no longer told"
        elif name.startswith("schemas/"):
            yield from (f"{name}: {problem}" for problem in breaking(old[name], new[name]))
        elif name == "openapi.json":
            yield from (f"{name}: {problem}" for problem in breaking_api(old[name], new.get(name, {})))


def write(folder: Path, documents: Mapping[str, Json]) -> list[str]:
    """Bring a contract folder to `documents`; gives the paths that changed."""
    changed = [path for path in _files(folder) if path.relative_to(folder).as_posix() not in documents]
    for path in changed:
        path.unlink()
    for name, document in documents.items():
        path, text = folder / name, written(document)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        changed.append(path)
    return sorted(path.relative_to(folder).as_posix() for path in changed)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))
