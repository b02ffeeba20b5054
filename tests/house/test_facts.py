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
)
from tests.house.rooms import CHECKOUT, NAMES, SERVICES, commands, examples, facts

each_service = pytest.mark.parametrize("name", NAMES)


def both(name):
    """What the service tells and what it is told to do."""
    return [*facts(name), *commands(name)]


def heard(name):
    """What the service hears: (of whom, its own class, the sibling's class of that name)."""
    for listening in SERVICES[name].listens:
        told = {one.__name__: one for one in SERVICES[listening.source].publishes}
        for cls in listening.facts:
            assert cls.__name__ in told, f"{listening.source} does not publish {cls.__name__}"
            yield listening.source, cls, told[cls.__name__]


@each_service
def test_each_is_told_in_a_sentence_of_its_own(name):
    """A dataclass without a docstring gets its signature as one; that is no sentence."""
    for cls in both(name):
        told = sentence(cls)
        assert told.endswith("."), f"{cls.__name__}: {told!r}"
        assert not told.startswith(f"{cls.__name__}("), f"{cls.__name__} has no docstring"


@each_service
def test_each_fact_says_who_may_read_it(name):
    assert [cls.__name__ for cls in facts(name) if info(cls).visibility not in Visibility] == []


@each_service
def test_each_has_an_example_and_there_are_no_others(name):
    assert set(examples(name)) == set(both(name))
    assert [cls.__name__ for cls, example in examples(name).items() if type(example) is not cls] == []


@each_service
def test_each_fact_is_read_back_as_it_was_written(name):
    types = SERVICES[name].types
    for cls in facts(name):
        example = examples(name)[cls]
        assert types.decode(types.names[cls], encode(example)) == example


@each_service
def test_each_command_is_read_back_as_it_was_written(name):
    for cls in commands(name):
        example = examples(name)[cls]
        assert msgspec.json.decode(encode(example), type=cls) == example


@each_service
def test_every_command_has_one_row_in_the_command_table(name):
    rows = [row.command for _, row in SERVICES[name].does]
    assert sorted(one.__name__ for one in rows) == sorted(one.__name__ for one in commands(name))


@each_service
def test_what_own_facts_set_going_is_an_inner_command_of_another_aggregate(name):
    """Which sets nothing going itself, so that nothing goes round."""
    for aggregate in SERVICES[name].aggregates:
        for follows in aggregate.follows:
            other, row = SERVICES[name].row(type(follows.command))
            assert row.inner
            assert other.name == follows.aggregate != aggregate.name
            assert not other.follows
            assert set(follows.facts) <= set(aggregate.decider.facts)


@each_service
def test_no_fact_or_command_of_the_domain_is_forgotten_by_the_front_door(name):
    """One that stands outside its aggregate's file would be written by nobody and read by nobody."""
    files = (CHECKOUT / f"services/{name}/domain").glob("*.py")
    modules = [import_module(f"services.{name}.domain.{file.stem}") for file in files if file.stem != "__init__"]
    declared = {thing for module in modules for thing in vars(module).values() if is_fact(thing) or is_command(thing)}
    assert declared == set(both(name))


@each_service
def test_a_listener_takes_a_fact_to_be_as_open_as_its_sibling_does(name):
    for source, cls, told in heard(name):
        assert info(cls).visibility is info(told).visibility, f"{cls.__name__} of {source}"


def paths(cls):
    """The fields of a fact and of its parts: {"basis", "basis.kind", "basis.ref"}."""
    found = set()
    for field, hint in typing.get_type_hints(cls).items():
        part, _ = inner_dataclass(hint)
        found |= {field} | {f"{field}.{below}" for below in (paths(part) if part else ())}
    return found


@each_service
def test_a_listener_reads_no_field_that_its_sibling_does_not_tell(name):
    """A field with a default would otherwise stay at its default for ever, unnoticed."""
    for source, cls, told in heard(name):
        assert paths(cls) <= paths(told), f"{cls.__name__} of {source}"


@each_service
def test_what_leaves_a_service_names_no_person(name):
    assert [cls.__name__ for cls in SERVICES[name].publishes if personal_fields(cls)] == []
