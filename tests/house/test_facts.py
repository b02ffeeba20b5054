"""Every fact and command is told, seen by somebody, shown by an example, and read back as it was written."""

from __future__ import annotations

import typing
from importlib import import_module

import msgspec
import pytest

from shared.facts import (
    Visibility,
    encode,
    info,
    inner_dataclass,
    is_command,
    is_fact,
    personal_fields,
    sentence,
    type_name,
)
from shared.shape import plain, read
from tests.house.rooms import CHECKOUT, NAMES, SERVICES, commands, examples, facts

FACTS = [pytest.param(name, cls, id=f"{name}-{cls.__name__}") for name in NAMES for cls in facts(name)]
COMMANDS = [pytest.param(name, cls, id=f"{name}-{cls.__name__}") for name in NAMES for cls in commands(name)]
HEARD = [
    pytest.param(name, listening.source, cls, id=f"{name}-{listening.source}-{cls.__name__}")
    for name, service in SERVICES.items()
    for listening in service.listens
    for cls in listening.facts
]


@pytest.mark.parametrize(("name", "cls"), FACTS + COMMANDS)
def test_it_is_told_in_a_sentence_of_its_own(name, cls):
    """A dataclass without a docstring gets its signature as one; that is no sentence."""
    told = sentence(cls)
    assert told.endswith("."), f"{cls.__name__}: {told!r}"
    assert not told.startswith(f"{cls.__name__}("), f"{cls.__name__} has no docstring"


@pytest.mark.parametrize(("name", "cls"), FACTS)
def test_a_fact_says_who_may_read_it(name, cls):
    assert info(cls).visibility in Visibility


@pytest.mark.parametrize(("name", "cls"), FACTS + COMMANDS)
def test_it_has_an_example(name, cls):
    assert type(examples(name).get(cls)) is cls


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_of_a_fact_or_a_command_of_the_service(name):
    assert set(examples(name)) == {*facts(name), *commands(name)}


@pytest.mark.parametrize(("name", "cls"), FACTS)
def test_a_fact_is_read_back_as_it_was_written(name, cls):
    types = SERVICES[name].types
    example = examples(name)[cls]
    assert types.decode(types.names[cls], encode(example)) == example


@pytest.mark.parametrize(("name", "cls"), COMMANDS)
def test_a_command_is_read_back_as_it_was_written(name, cls):
    example = examples(name)[cls]
    assert msgspec.json.decode(encode(example), type=cls) == example


@pytest.mark.parametrize(("name", "cls"), COMMANDS)
def test_an_example_of_a_command_passes_the_door(name, cls):
    example = examples(name)[cls]
    assert read(cls, plain(example)) == example


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_one_row_in_the_command_table(name):
    rows = [row.command for _, row in SERVICES[name].does]
    assert sorted(one.__name__ for one in rows) == sorted(one.__name__ for one in commands(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_own_facts_set_going_is_an_inner_command_of_another_aggregate(name):
    """Which sets nothing going itself, so that nothing goes round."""
    for aggregate in SERVICES[name].aggregates:
        for follows in aggregate.follows:
            other, row = SERVICES[name].row(type(follows.command))
            assert row.inner
            assert other.name == follows.aggregate != aggregate.name
            assert not other.follows
            assert set(follows.facts) <= set(aggregate.decider.facts)


@pytest.mark.parametrize("name", NAMES)
def test_no_fact_or_command_of_the_domain_is_forgotten_by_the_front_door(name):
    """One that stands outside its aggregate's file would be written by nobody and read by nobody."""
    files = (CHECKOUT / f"services/{name}/domain").glob("*.py")
    modules = [import_module(f"services.{name}.domain.{file.stem}") for file in files if file.stem != "__init__"]
    declared = {thing for module in modules for thing in vars(module).values() if is_fact(thing) or is_command(thing)}
    assert declared == {*facts(name), *commands(name)}


@pytest.mark.parametrize(("name", "source", "cls"), HEARD)
def test_what_a_service_hears_is_what_its_sibling_tells(name, source, cls):
    """The sibling publishes that type, and its example can be read with the listener's own, smaller class."""
    told = {type_name(source, one): one for one in SERVICES[source].publishes}
    assert type_name(source, cls) in told, f"{source} does not publish {cls.__name__}"
    example = examples(source)[told[type_name(source, cls)]]
    heard = SERVICES[name]
    (listening,) = (one for one in heard.listens if one.source == source)
    assert isinstance(listening.types.decode(type_name(source, cls), encode(example)), cls)


@pytest.mark.parametrize(("name", "source", "cls"), HEARD)
def test_a_listener_takes_a_fact_to_be_as_open_as_its_sibling_does(name, source, cls):
    (told,) = (one for one in SERVICES[source].publishes if one.__name__ == cls.__name__)
    assert info(cls).visibility is info(told).visibility


def paths(cls):
    """The fields of a fact and of its parts: {"basis", "basis.kind", "basis.ref"}."""
    found = set()
    for field, hint in typing.get_type_hints(cls).items():
        part, _ = inner_dataclass(hint)
        found |= {field} | {f"{field}.{below}" for below in (paths(part) if part else ())}
    return found


@pytest.mark.parametrize(("name", "source", "cls"), HEARD)
def test_a_listener_reads_no_field_that_its_sibling_does_not_tell(name, source, cls):
    """A field with a default would otherwise stay at its default for ever, unnoticed."""
    (told,) = (one for one in SERVICES[source].publishes if one.__name__ == cls.__name__)
    assert paths(cls) <= paths(told)


@pytest.mark.parametrize("name", NAMES)
def test_what_leaves_a_service_names_no_person(name):
    assert [cls.__name__ for cls in SERVICES[name].publishes if personal_fields(cls)] == []
