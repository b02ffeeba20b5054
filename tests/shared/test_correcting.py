"""A correction tells what stood there and what stands there now; the new text keeps the rule of its field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from shared.errors import BrokenRule
from shared.facts import command, matching, text
from shared.registers.register import corrected as fold
from shared.rules import Entered, corrected, correction
from shared.service import Aggregate, Does
from shared.shape import plain
from tests.policy.house import House, open_house


class Words(StrEnum):
    """What may be corrected."""

    NAME = "name"
    STORY = "story"
    CODE = "code"
    NOTE = "note"


@command
class Tell:
    """Enter all of it."""

    name: str = text(3, 20)
    story: str = text(3, 200, multiline=True)
    code: str = matching(r"^\d{2}$", "32", "11")
    note: str


@command
class Correct:
    """Correct some of it."""

    field: Words
    value: str
    reason: str = "Salah ketik."


@dataclass(frozen=True)
class Thing:
    """What was entered."""

    name: str = "Nama lama"
    story: str = "Cerita lama"
    code: str = "31"
    note: str = ""
    other: int = 7


@dataclass(frozen=True)
class Line:
    """A line that shows the name only."""

    name: str = "Nama lama"


ENTERED: Entered = {one: (Tell, one.value) for one in Words}


def outcome(field: Words, value: str, thing: Thing | None = None) -> dict[str, Any]:
    """What the fact tells."""
    return correction(thing or Thing(), Correct(field=field, value=value), ENTERED)


def test_a_correction_tells_both_texts_and_why() -> None:
    told = {"field": Words.NAME, "old": "Nama lama", "new": "Nama baru", "reason": "Salah ketik."}
    assert outcome(Words.NAME, "  Nama baru ") == told


def test_a_text_of_several_lines_stays_one() -> None:
    assert outcome(Words.STORY, "Satu.\r\nDua.")["new"] == "Satu.\nDua."


@pytest.mark.parametrize(
    ("field", "value", "slug", "about"),
    [
        (Words.NAME, "AB", "text-too-short", {"least": 3}),
        (Words.NAME, "A" * 21, "text-too-long", {"most": 20}),
        (Words.NAME, "Nama\nbaru", "text-has-control-characters", {}),
        (Words.STORY, "A" * 201, "text-too-long", {"most": 200}),
        (Words.CODE, "satu", "text-does-not-match", {"example": "32"}),
        (Words.NAME, "Nama lama", "corrected-to-the-same", {}),
    ],
)
def test_a_text_that_its_field_would_not_take_corrects_nothing(
    field: Words, value: str, slug: str, about: dict[str, Any]
) -> None:
    with pytest.raises(BrokenRule) as refused:
        outcome(field, value)
    assert (refused.value.slug, refused.value.pointer, refused.value.about) == (slug, "/value", about)


def test_a_field_without_a_bound_of_its_own_has_that_of_the_door() -> None:
    with pytest.raises(BrokenRule) as refused:
        outcome(Words.NOTE, "A" * 201, Thing(note="Catatan"))
    assert (refused.value.slug, refused.value.about) == ("text-too-long", {"most": 200})


def test_what_was_never_entered_is_not_corrected() -> None:
    with pytest.raises(BrokenRule) as refused:
        outcome(Words.NOTE, "Catatan")
    assert (refused.value.slug, refused.value.pointer) == ("nothing-to-correct", "/field")


@dataclass(frozen=True)
class Corrected:
    """What a fact of a correction tells."""

    field: str
    new: str


def test_a_correction_changes_its_text_and_nothing_else() -> None:
    assert corrected(Thing(), Corrected("name", "Nama baru")) == Thing(name="Nama baru")


def test_a_line_without_that_text_or_no_line_at_all_stays_as_it_is() -> None:
    about: Any = None
    assert fold(Line(), Corrected("name", "Nama baru"), about) == Line("Nama baru")
    assert fold(Line(), Corrected("story", "Cerita baru"), about) == Line()
    assert fold(None, Corrected("name", "Nama baru"), about) is None


# --- in the services ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The platform with one thing of each kind."""
    made = open_house(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


def correcting(house: House) -> Iterator[tuple[str, Aggregate, Does, UUID]]:
    """Every command that corrects, with its service and a thing to correct."""
    for name in house.apps:
        for aggregate, row in house.site(name).service.sent:
            if row.corrects:
                yield name, aggregate, row, house.things[name, aggregate.name]


def test_every_thing_with_words_can_be_corrected_and_an_office_has_none(house: House) -> None:
    without = {
        aggregate.name
        for name in house.apps
        for aggregate in house.site(name).service.aggregates
        if not any(row.corrects for row in aggregate.commands)
    }
    assert without == {"office"}


def test_a_correction_is_offered_last_and_behind_a_fold(house: House) -> None:
    for name, aggregate, row, id in correcting(house):
        page = house.ask("secretariat", "GET", f"/{name}/{aggregate.path}/{id}").text
        steps = page[page.index('id="langkah"') : page.index("</section>", page.index('id="langkah"'))]
        main, _, more = steps.partition('<details class="more-steps">')
        link = f'/{name}/{aggregate.path}/{id}/{row.path}"'
        assert link not in main, row.command
        assert re.findall(r'href="[^"]*"', more)[-1] == f'href="{link}', row.command


def test_its_form_shows_what_stands_there_and_sends_what_is_right(house: House) -> None:
    for name, aggregate, row, id in correcting(house):
        example = house.site(name).examples[row.command]
        kept = house.runtime(name).store.registers().shown(aggregate.register, str(id))
        old = getattr(kept.row, example.field)
        page = house.ask("secretariat", "GET", f"/{name}/{aggregate.path}/{id}/{row.path}").text
        assert f'<p class="long">{old}</p>' in page, row.command
        for role in ("chair", "member", "operator"):
            path = f"/{name}/api/v1/{aggregate.path}/{id}/{row.path}"
            assert house.ask(role, "POST", path, data=json.dumps(plain(example))).status_code in (403, 404), (role, row.command)
        answer = house.ask("secretariat", "POST", path, data=json.dumps(plain(example)))
        assert answer.status_code == 200, (row.command, answer.text)
        assert getattr(house.runtime(name).store.registers().row(aggregate.register, str(id)), example.field) == example.value
        again = house.ask("secretariat", "POST", path, data=json.dumps(plain(example)))
        assert (again.status_code, again.json["slug"]) == (422, "corrected-to-the-same"), again.text
        shown = house.ask("secretariat", "GET", f"/{name}/{aggregate.path}/{id}").text
        assert f"Alasan: {example.reason}" in shown, row.command
        assert old in shown, "what stood there is read in the history"
