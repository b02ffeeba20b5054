"""The door: what it lets in, what it refuses, and how it says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from shared import door
from shared.errors import InvalidShape, Refused
from shared.facts import command
from shared.shape import json_schema, read, schema_for
from tests.shared.matters import PARTY_ID, Kind, OpenMatter, Party, body


def wrong(data: Any) -> list[tuple[str, str]]:
    """The (pointer, slug) pairs that the door answers with."""
    with pytest.raises(InvalidShape) as refusal:
        read(OpenMatter, data)
    return [(error["pointer"], error["slug"]) for error in refusal.value.errors]


# --- the door lets in -----------------------------------------------------------------------------------------------


def test_a_good_body_becomes_the_command():
    made = read(
        OpenMatter,
        body(
            title="  Banjir\u0301 ",
            story="satu\r\ndua\tkolom",
            others=["policy", "budget"],
            at="2025-06-10T07:00:00.5+07:00",
            area_codes=["32", "32.04.05.2001"],
            number="123/AB",
        ),
    )
    assert made == OpenMatter(
        title="Banji\u0155",  # in normal form C, without the blanks
        story="satu\ndua\tkolom",
        kind=Kind.BUDGET,
        others=frozenset({Kind.BUDGET, Kind.POLICY}),
        parties=(Party(party_id=UUID(PARTY_ID), name="Dinas Perumahan"),),
        number="123/AB",
        money=5,
        on=date(2025, 6, 10),
        at=datetime(2025, 6, 10, 0, 0, 0, 500_000, tzinfo=UTC),
        area_codes=("32", "32.04.05.2001"),
    )
    assert isinstance(made.kind, Kind)


def test_null_is_taken_only_where_nothing_may_stand():
    assert read(OpenMatter, body(at=None)).at is None
    assert wrong(body(title=None, others=None, rank=None)) == [
        ("/title", "field-empty"),
        ("/others", "field-empty"),
        ("/rank", "field-empty"),
    ]


# --- the door refuses -----------------------------------------------------------------------------------------------

REFUSED = [
    ({"title": ...}, "/title", "field-missing"),
    ({"colour": "red"}, "/colour", "field-unknown"),
    ({"a/b~c": 1}, "/a~1b~0c", "field-unknown"),
    ({"title": 7}, "/title", "not-a-text"),
    ({"title": "   ab   "}, "/title", "text-too-short"),
    ({"title": "\u200b\u200b\u200b\u200b"}, "/title", "text-too-short"),
    ({"title": "x" * 21}, "/title", "text-too-long"),
    ({"title": "Ban\x00jir"}, "/title", "text-has-control-characters"),
    ({"title": "Ban\njir"}, "/title", "text-has-control-characters"),
    ({"title": "Ban\u2028jir"}, "/title", "text-has-control-characters"),
    ({"title": "Ban\x85jir"}, "/title", "text-has-control-characters"),
    ({"title": "Ban\ud800jir"}, "/title", "text-has-control-characters"),
    ({"title": "\x1aADV:2025\x1a"}, "/title", "text-has-control-characters"),
    ({"story": "a\x07b"}, "/story", "text-has-control-characters"),
    ({"story": "a\rb"}, "/story", "text-has-control-characters"),
    ({"remark": "x" * 201}, "/remark", "text-too-long"),
    ({"number": "123/ab"}, "/number", "text-does-not-match"),
    ({"number": "１２３/AB"}, "/number", "text-does-not-match"),
    ({"kind": "other"}, "/kind", "not-a-choice"),
    ({"kind": "BUDGET"}, "/kind", "not-a-choice"),
    ({"kind": ["budget"]}, "/kind", "not-a-choice"),
    ({"others": ["policy", "policy"]}, "/others/1", "entry-twice"),
    ({"others": {"policy": 1}}, "/others", "not-a-list"),
    ({"others": "policy"}, "/others", "not-a-list"),
    ({"parties": []}, "/parties", "too-few-entries"),
    ({"parties": [{}] * 4}, "/parties", "too-many-entries"),
    ({"parties": [3]}, "/parties/0", "not-an-object"),
    ({"parties": [None]}, "/parties/0", "field-empty"),
    ({"parties": [{"party_id": PARTY_ID, "name": "abc", "x": 1}]}, "/parties/0/x", "field-unknown"),
    ({"parties": [{"party_id": PARTY_ID}]}, "/parties/0/name", "field-missing"),
    ({"parties": [{"party_id": "{" + PARTY_ID + "}", "name": "abc"}]}, "/parties/0/party_id", "not-an-id"),
    ({"parties": [{"party_id": PARTY_ID, "name": "abc", "contact": ""}]}, "/parties/0/contact", "text-too-short"),
    ({"money": -1}, "/money", "number-too-small"),
    ({"money": 1_000_001}, "/money", "number-too-large"),
    ({"money": 5.0}, "/money", "not-a-whole-number"),
    ({"money": "5"}, "/money", "not-a-whole-number"),
    ({"money": True}, "/money", "not-a-whole-number"),
    ({"rank": 2**53}, "/rank", "number-too-large"),
    ({"rank": -(2**53)}, "/rank", "number-too-small"),
    ({"urgent": "true"}, "/urgent", "not-true-or-false"),
    ({"urgent": 1}, "/urgent", "not-true-or-false"),
    ({"on": "20250610"}, "/on", "not-a-date"),
    ({"on": "2025-W24-2"}, "/on", "not-a-date"),
    ({"on": "2025-02-30"}, "/on", "not-a-date"),
    ({"on": "2025-06-10T00:00:00Z"}, "/on", "not-a-date"),
    ({"on": 20250610}, "/on", "not-a-date"),
    ({"at": "2025-06-10T07:00:00"}, "/at", "not-a-time"),
    ({"at": "2025-06-10 07:00:00+07:00"}, "/at", "not-a-time"),
    ({"at": "0001-01-01T00:00:00+07:00"}, "/at", "not-a-time"),
    ({"area_codes": ["32", "3204"]}, "/area_codes/1", "text-does-not-match"),
    ({"area_codes": ["32"] * 201}, "/area_codes", "too-many-entries"),
]


@pytest.mark.parametrize(("changes", "pointer", "slug"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_wrong_field_is_named_with_its_reason(changes, pointer, slug):
    assert wrong(body(**changes)) == [(pointer, slug)]


@pytest.mark.parametrize("data", [None, [], [body()], "x", 3, True])
def test_what_is_no_object_is_refused_whole(data):
    assert wrong(data) == [("", "not-an-object")]


def test_every_slug_is_declared_and_every_declared_slug_is_met():
    """The interface has a sentence for each slug in the list, and none for a slug that never comes."""
    met = {slug for _, _, slug in REFUSED} | {"field-empty", "not-an-object"}
    assert met == set(door.SLUGS)


def test_all_wrong_fields_are_told_at_once_and_no_value_is():
    with pytest.raises(Refused) as refusal:
        read(OpenMatter, body(title="rahasia" * 9, kind="rahasia", money="rahasia"))
    told = json.dumps([refusal.value.errors, refusal.value.about, str(refusal.value)])
    assert refusal.value.status == 422
    assert refusal.value.slug == "invalid-shape"
    assert refusal.value.about == {"count": 3}
    assert "rahasia" not in told
    assert {"pointer": "/kind", "slug": "not-a-choice", "about": {"choices": ["budget", "policy"]}} in refusal.value.errors


def test_a_flood_of_wrong_fields_gets_a_short_answer_that_can_be_sent():
    errors = wrong(body(**{f"{n}\ud800" + "x" * 1000: n for n in range(500)}))
    assert len(errors) == 50
    assert all(len(pointer) <= 101 for pointer, _ in errors)
    json.dumps(errors, ensure_ascii=False).encode()


def test_fields_may_bear_any_name():
    """No field's name may hide a part of the schema class."""

    @command
    class Odd:
        """Odd names."""

        load: str
        fields: int
        context: bool = False
        describes: str = ""
        opts: str = ""

    odd = read(Odd, {"load": "a", "fields": 1, "describes": "b", "opts": "c"})
    assert odd == Odd(load="a", fields=1, describes="b", opts="c")


def test_a_text_without_bounds_of_its_own_is_still_held_to_some():
    @command
    class Say:
        """Say something."""

        words: str

    assert json_schema(Say)["properties"]["words"] == {"type": "string", "minLength": 1, "maxLength": 200}
    for words, slug in (("", "text-too-short"), ("x" * 201, "text-too-long")):
        with pytest.raises(InvalidShape) as refusal:
            read(Say, {"words": words})
        assert [error["slug"] for error in refusal.value.errors] == [slug]


def test_types_that_no_contract_can_hold_are_refused_when_the_class_is_read():
    for hint in (float, dict[str, str], str | int, tuple[str, int], list[str], object):

        @command
        class Bad:
            """Bad."""

            field: hint  # type: ignore[valid-type]

        Bad.__annotations__ = {"field": hint}
        with pytest.raises(TypeError, match=r"Bad\.field"):
            schema_for(Bad)
