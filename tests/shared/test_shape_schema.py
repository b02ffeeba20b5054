"""The JSON Schema and the form tell the same story as the door; facts are open, commands are closed."""

from __future__ import annotations

import json
from uuid import UUID

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidShape
from shared.facts import PUBLIC, command, encode, fact
from shared.shape import fields_of, json_schema, plain, read, schema_for
from tests.shared.matters import PARTY_ID, Kind, MatterOpened, OpenMatter, Party, body

# --- facts ----------------------------------------------------------------------------------------------------------


def test_a_fact_is_open_and_is_not_judged_again():
    told = read(MatterOpened, {"title": " \x1aADV:2025\x1a ", "kind": "policy", "added_later": 1})
    assert told == MatterOpened(title=" \x1aADV:2025\x1a ", kind=Kind.POLICY)


def test_what_is_written_can_be_read():
    made = MatterOpened(title="a", kind=Kind.BUDGET, parties=(Party(party_id=UUID(PARTY_ID), name="abc"),))
    assert read(MatterOpened, json.loads(encode(made))) == made


def test_personal_fields_are_not_in_a_facts_schema_but_in_a_commands():
    assert "witness" not in json_schema(MatterOpened)["properties"]
    assert "contact" not in json_schema(MatterOpened)["properties"]["parties"]["items"]["properties"]
    contact = json_schema(OpenMatter)["properties"]["parties"]["items"]["properties"]["contact"]
    assert contact["x-personal"] is True


# --- the JSON Schema ------------------------------------------------------------------------------------------------


def test_the_schema_of_a_command_is_closed_and_whole():
    schema = json_schema(OpenMatter)
    jsonschema_rs.meta.validate(schema)
    assert schema["title"] == "OpenMatter"
    assert schema["description"] == "Somebody opens a matter."
    assert schema["required"] == ["title", "kind", "parties", "money", "on"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["kind"] == {"type": "string", "enum": ["budget", "policy"]}
    assert schema["properties"]["money"] == {"type": "integer", "minimum": 0, "maximum": 1_000_000}
    assert schema["properties"]["at"] == {"type": ["string", "null"], "format": "date-time", "default": None}
    assert schema["properties"]["others"]["uniqueItems"] is True
    assert schema["properties"]["area_codes"]["items"]["pattern"].startswith("^")
    assert schema["properties"]["parties"]["items"]["additionalProperties"] is False


def test_the_schema_of_a_fact_is_open():
    schema = json_schema(MatterOpened)
    jsonschema_rs.meta.validate(schema)
    assert "additionalProperties" not in json.dumps(schema)
    assert schema["properties"]["kind"] == {"type": "string", "x-extensible-enum": ["budget", "policy"]}
    assert schema["properties"]["title"] == {"type": "string"}
    jsonschema_rs.validate(schema, {"title": "a", "kind": "a kind of tomorrow", "added_later": 1})


def test_an_empty_choice_may_be_null_in_the_schema():
    @command
    class Choose:
        """Choose."""

        kind: Kind | None = None

    schema = json_schema(Choose)
    jsonschema_rs.validate(schema, {"kind": None})
    assert read(Choose, {"kind": None}) == Choose()
    assert schema["properties"]["kind"]["enum"] == ["budget", "policy", None]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2_000_000),
    st.sampled_from(["budget", "policy", "abc", "x" * 25, "2025-06-10", "32.04", "123/AB", PARTY_ID, ""]),
    st.sampled_from(["2025-06-10T00:00:00Z", "2025-06-10T00:00:00"]),
    st.lists(st.sampled_from(["budget", "policy", "32", 4, None]), max_size=4),
    st.lists(st.fixed_dictionaries({"party_id": st.just(PARTY_ID), "name": st.sampled_from(["abc", "a", 3])}), max_size=4),
)
NAMES = [*(field.name for field in fields_of(OpenMatter)), "unknown"]


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4), st.sets(st.sampled_from(NAMES), max_size=1))
def test_guard_and_schema_agree(changes, left_out):
    """What the door takes its schema takes, and the other way round."""
    data = body(**changes, **dict.fromkeys(left_out - changes.keys(), ...))
    valid = jsonschema_rs.validator_for(json_schema(OpenMatter), validate_formats=True).is_valid(data)
    try:
        read(OpenMatter, data)
        taken = True
    except InvalidShape:
        taken = False
    assert taken is valid


# --- forms and the same data every time -----------------------------------------------------------------------------


def test_a_form_learns_what_it_needs():
    fields = {field.name: field for field in fields_of(OpenMatter)}
    assert (fields["title"].kind, fields["title"].least, fields["title"].most, fields["title"].required) == ("text", 3, 20, True)
    assert fields["story"].multiline
    assert not fields["story"].required
    assert (fields["kind"].kind, fields["kind"].choices) == ("choice", Kind)
    assert (fields["others"].many, fields["others"].default) == ("set", [])
    assert (fields["parties"].many, fields["parties"].least_entries, fields["parties"].most_entries) == ("list", 1, 3)
    assert [field.name for field in fields["parties"].nested] == ["party_id", "name", "contact"]
    assert fields["parties"].nested[2].personal == "party_id"
    assert (fields["number"].example, fields["number"].nullable) == ("123/AB", True)
    assert (fields["money"].minimum, fields["money"].maximum) == (0, 1_000_000)
    assert [fields[name].kind for name in ("urgent", "on", "at", "rank")] == ["flag", "date", "time", "whole"]


def test_a_schema_is_made_once():
    assert schema_for(OpenMatter) is schema_for(OpenMatter)
    assert schema_for(OpenMatter).__name__ == "OpenMatter"


def test_sets_come_out_in_one_order():
    @fact(visibility=PUBLIC)
    class Told:
        """Told."""

        kinds: frozenset[Kind]
        names: tuple[str, ...] = ()

    told = Told(kinds=frozenset({Kind.POLICY, Kind.BUDGET}))
    assert plain(told) == {"kinds": ["budget", "policy"], "names": []}
