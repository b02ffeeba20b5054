"""Every fact, command that is sent, field, value and refusal speaks Indonesian, and no text speaks of what is not there."""

from __future__ import annotations

import dataclasses
import re
import string

import pytest

from tests.house.rooms import (
    CHECKOUT,
    NAMES,
    SERVICES,
    enumerations,
    facts,
    refusals,
    registers,
    reservations,
    sent,
    texts,
    with_parts,
)


def fields(name: str) -> list[tuple[str, str]]:
    """(owner, field) of all that a person may meet: facts and commands with their parts, and columns of registers."""
    owners = with_parts([*facts(name), *sent(name)])
    told = [(cls.__name__, field.name) for cls in owners for field in dataclasses.fields(cls)]
    rows = [(one.name, field.name) for one in registers(name) for field in dataclasses.fields(one.row)]
    parts = with_parts(one.row for one in registers(name))
    below = [(cls.__name__, field.name) for cls in parts for field in dataclasses.fields(cls)]
    of_rows = {one.row.__name__ for one in registers(name)}
    return told + rows + [one for one in below if one[0] not in of_rows]


def values(name: str) -> list[str]:
    """`<Enumeration>.<value>` of every value that a person may meet."""
    owners = with_parts([*facts(name), *sent(name), *(one.row for one in registers(name))])
    return [f"{one.__name__}.{value.value}" for one in enumerations(owners) for value in one]


def names_in(text: str) -> set[str]:
    """The fields in braces: "{name} menjadi anggota, {decree.number}" -> {"name", "decree"}."""
    return {field.split(".")[0] for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def missing(name: str, kind: str, keys: list[str]) -> list[str]:
    """Those keys that have no text."""
    known = texts(name)
    return [key for key in keys if not known.get((kind, key), "").strip()]


@pytest.mark.parametrize("name", NAMES)
def test_the_service_its_aggregates_and_its_registers_have_names(name):
    assert missing(name, "service", [name]) == []
    assert missing(name, "aggregate", [one.name for one in SERVICES[name].aggregates]) == []
    assert missing(name, "register", [one.name for one in registers(name)]) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_a_sentence_and_every_command_a_label(name):
    assert missing(name, "fact", [cls.__name__ for cls in facts(name)]) == []
    assert missing(name, "command", [cls.__name__ for cls in sent(name)]) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_of_a_sibling_has_a_sentence(name):
    heard = {cls.__name__: cls for listening in SERVICES[name].listens for cls in listening.facts}
    assert missing(name, "foreign", list(heard)) == []
    for cls in heard.values():
        assert names_in(texts(name)["foreign", cls.__name__]) <= {field.name for field in dataclasses.fields(cls)}, cls


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_label(name):
    known = texts(name)
    assert [
        f"{owner}.{field}"
        for owner, field in fields(name)
        if not (known.get(("field", f"{owner}.{field}")) or known.get(("field", field)))
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_two_fields_of_one_thing_have_the_same_label(name):
    known, told = texts(name), dict[tuple[str, str], list[str]]()
    for owner, field in fields(name):
        label = known.get(("field", f"{owner}.{field}")) or known["field", field]
        told.setdefault((owner, label), []).append(field)
    assert {at: names for at, names in told.items() if len(set(names)) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_a_label(name):
    assert missing(name, "value", values(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_says_in_a_sentence_what_is_wrong(name):
    slugs = [*refusals(name), *(f"{scope}-taken" for scope in reservations(name))]
    assert missing(name, "refusal", slugs) == []
    known = texts(name)
    assert [slug for slug in slugs if not known["refusal", slug].endswith(".")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_has_a_test(name):
    """A rule that no test has seen saying no may never say it."""
    told = "\n".join(path.read_text() for path in (CHECKOUT / f"tests/{name}").rglob("test_*.py"))
    assert [slug for slug in refusals(name) if f'"{slug}"' not in told] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_slug_is_a_kebab_sentence(name):
    assert [slug for slug in refusals(name) if not re.fullmatch(r"[a-z]+(-[a-z]+)+", slug)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_names_only_what_it_is_given(name):
    known = texts(name)
    for cls in facts(name):
        assert names_in(known["fact", cls.__name__]) <= {field.name for field in dataclasses.fields(cls)}, cls
    for slug, about in refusals(name).items():
        assert names_in(known["refusal", slug]) <= about, slug


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_left_over(name):
    """A text whose fact, field or rule is gone would be translated for ever."""
    both = fields(name)
    named = {*(field for _, field in both), *(f"{owner}.{field}" for owner, field in both)}
    alive = {
        "service": {name},
        "aggregate": {one.name for one in SERVICES[name].aggregates},
        "register": {one.name for one in registers(name)},
        "fact": {cls.__name__ for cls in facts(name)},
        "command": {cls.__name__ for cls in sent(name)},
        "field": named,
        "help": named | {cls.__name__ for cls in sent(name)},
        "value": set(values(name)),
        "foreign": {cls.__name__ for listening in SERVICES[name].listens for cls in listening.facts},
        "refusal": {*refusals(name), *(f"{scope}-taken" for scope in reservations(name))},
    }
    assert [(kind, key) for kind, key in texts(name) if key not in alive.get(kind, set())] == []
