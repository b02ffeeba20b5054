"""The composition rule: what nobody fills is flagged once, and cleared when somebody does, by the working group itself."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.membership.demo import DECREE, ORGANISATIONS
from services.membership.domain.composing import CompositionGapCleared, CompositionGapFlagged, MarkComposition
from services.membership.domain.convening import COMPOSITION, working_group
from services.membership.domain.member import (
    AdmitMember,
    AssignAffairs,
    ChangeContactChannel,
    MemberJoined,
    ProposeMember,
    ReinstateMember,
    RemoveMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.terms import (
    NO_GAPS,
    Affair,
    AffairDuty,
    AgencyType,
    Body,
    Duty,
    Gaps,
    Source,
    Subkind,
)
from services.membership.domain.working_group import (
    DissolveWorkingGroup,
    EstablishWorkingGroup,
    TermEnded,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
)
from services.membership.examples import EXAMPLES
from services.membership.registers.composition import gaps_now
from services.membership.registers.working_groups import working_groups
from services.membership.service import service
from shared.app import runtime
from shared.decider import Actor, Timer
from shared.delivery.attempts import Hand
from shared.delivery.letters import listed
from shared.delivery.timers import Timers, set_going
from shared.execute import Caller, Runtime
from shared.facts import PUBLIC, info
from shared.settings import load
from shared.store import open_store
from shared.store.tables import timers
from shared.testing import SOME_ID, Story, folded, given_at
from tests.migrated import migrate

ID = given_at().new_id(0)
ESTABLISHED = replace(EXAMPLES[WorkingGroupEstablished], working_group_id=ID)
LACKING = Gaps(affairs=(Affair.A5,), partners=(Subkind.NGO, Subkind.UNIVERSITY))
FLAGGED = CompositionGapFlagged(working_group_id=ID, gaps=LACKING)
LOOK = MarkComposition()


def lacks(story: Story, gaps: Gaps) -> Story:
    """The story, looked at while these are filled by nobody."""
    return story.knowing(gaps=gaps).when(LOOK)


established = Story(working_group).given(ESTABLISHED)
flagged = established.given(FLAGGED)


# --- the rule -----------------------------------------------------------------------------------------------------


def test_what_nobody_fills_is_flagged_for_everybody_to_see() -> None:
    lacks(established, LACKING).then(FLAGGED)
    assert info(CompositionGapFlagged).visibility is info(CompositionGapCleared).visibility is PUBLIC


def test_what_was_told_is_not_told_again() -> None:
    lacks(flagged, LACKING).then_nothing()
    lacks(established, NO_GAPS).then_nothing()


def test_what_is_filled_is_cleared_and_what_is_new_is_flagged_at_once() -> None:
    now = Gaps(agencies=(AgencyType.LAND,), partners=(Subkind.NGO,))
    filled = Gaps(affairs=(Affair.A5,), partners=(Subkind.UNIVERSITY,))
    lacks(flagged, now).then(
        CompositionGapFlagged(working_group_id=ID, gaps=Gaps(agencies=(AgencyType.LAND,))),
        CompositionGapCleared(working_group_id=ID, gaps=filled),
    )


def test_it_is_looked_at_also_when_the_term_is_over_and_never_after_the_end() -> None:
    over = established.given(replace(EXAMPLES[TermEnded], working_group_id=ID))
    lacks(over, LACKING).then(FLAGGED)
    dissolved = established.given(replace(EXAMPLES[WorkingGroupDissolved], working_group_id=ID))
    lacks(dissolved, LACKING).refused("already-dissolved", 409)
    lacks(Story(working_group), LACKING).refused("not-established", 409)


def test_its_page_shows_what_is_lacking() -> None:
    cleared = CompositionGapCleared(working_group_id=ID, gaps=Gaps(affairs=(Affair.A5,)))
    before = folded(working_groups, [ESTABLISHED, FLAGGED])[str(SOME_ID)]
    after = folded(working_groups, [ESTABLISHED, FLAGGED, cleared])[str(SOME_ID)]
    assert (before.gaps, after.gaps) == (LACKING, Gaps(partners=LACKING.partners))


def test_a_new_working_group_is_looked_at_with_the_members_that_are_there() -> None:
    knows = given_at()
    (look,) = [one for one in working_group.timers(established.state, ESTABLISHED, knows) if one.name == COMPOSITION]
    assert look == Timer(COMPOSITION, knows.now, LOOK)


# --- of itself ----------------------------------------------------------------------------------------------------

STAFF, CHAIR = Actor("s", frozenset({"secretariat"})), Actor("k", frozenset({"chair"}))
MASTER = base64.b64encode(bytes(32)).decode()
LETTER = Source(number="1", date=date(2025, 1, 20), sender="Lembaga")


@pytest.fixture
def membership(tmp_path: Path) -> Iterator[Runtime]:
    """Membership alone, with nothing in it."""
    yield from begun(tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def on_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    """The same, with its store on each database."""
    yield from begun(tmp_path, request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


def begun(folder: Path, url: str = "") -> Iterator[Runtime]:
    """Membership until it is closed, its store at the URL if any."""
    made = runtime(service, load({"PKP_DATA_DIR": str(folder), "PKP_MASTER_KEY": MASTER}))
    made.keys.migrate()
    if url:
        made.store = open_store(url, service, made.store.province)
    migrate(made.store)
    yield made
    made.close()


def send(membership: Runtime, command: Any, aggregate: str, id: UUID | None = None, by: Actor = STAFF) -> UUID:
    """Somebody sends a command."""
    return membership.execute(command, aggregate, id, Caller("caller", by.account, str(uuid.uuid4()), by)).id


def establish(membership: Runtime) -> UUID:
    wish = EstablishWorkingGroup(decree=DECREE, term_start=date(2025, 1, 2), term_end=date(2099, 12, 31))
    return send(membership, wish, "working-group")


def seat(membership: Runtime, name: str) -> UUID:
    """An organisation of the demo takes its seat."""
    id = send(membership, ProposeMember(**ORGANISATIONS[name]), "member")
    send(membership, VerifyMember(nomination=LETTER), "member", id)
    send(membership, AdmitMember(bodies=(Body.POKJA,), on=date(2025, 2, 3)), "member", id, CHAIR)
    return id


def looked(membership: Runtime) -> None:
    """The worker has done what is due."""
    timers = Timers(membership, Hand())
    while timers.step():
        pass


def told(membership: Runtime, group: UUID) -> list[Any]:
    """What the working group has told of its composition."""
    recorded = membership.store.stream(membership.stream("working-group", group))
    facts = [membership.service.types.decode(one.type, one.data) for one in recorded]
    return [one for one in facts if isinstance(one, CompositionGapFlagged | CompositionGapCleared)]


def gaps(membership: Runtime, group: UUID) -> Gaps:
    found: Gaps = membership.store.registers().row(working_groups, str(group)).gaps
    return found


def test_an_empty_working_group_lacks_everything_and_a_member_fills_its_part(membership: Runtime) -> None:
    group = establish(membership)
    looked(membership)
    assert gaps(membership, group) == gaps_now(membership.store.registers())
    assert len(gaps(membership, group).partners) == 5
    seat(membership, "housing-rights")
    looked(membership)
    assert told(membership, group)[1:] == [CompositionGapCleared(working_group_id=group, gaps=Gaps(partners=(Subkind.NGO,)))]


def test_every_coming_and_going_is_followed(membership: Runtime) -> None:
    group, health = establish(membership), seat(membership, "health")
    looked(membership)
    filled = Gaps(affairs=(Affair.A5,), agencies=(AgencyType.HEALTH,))
    again, gone = (cls(working_group_id=group, gaps=filled) for cls in (CompositionGapCleared, CompositionGapFlagged))
    begun = len(told(membership, group))
    send(membership, SuspendMember(reason="Tidak hadir."), "member", health, CHAIR)
    looked(membership)
    send(membership, ReinstateMember(reason="Hadir lagi."), "member", health, CHAIR)
    looked(membership)
    send(membership, AssignAffairs(affairs=(AffairDuty(affair=Affair.A5, duty=Duty.SUPPORT),)), "member", health)
    looked(membership)
    send(membership, RemoveMember(reason="Dua tahun tidak hadir."), "member", health, CHAIR)
    looked(membership)
    assert told(membership, group)[begun:] == [
        gone,
        again,
        CompositionGapFlagged(working_group_id=group, gaps=Gaps(affairs=(Affair.A5,))),
        CompositionGapFlagged(working_group_id=group, gaps=Gaps(agencies=(AgencyType.HEALTH,))),
    ]


def test_many_that_come_at_once_are_looked_at_once(membership: Runtime) -> None:
    group = establish(membership)
    for name in ("water", "university", "housing-rights", "bank"):
        seat(membership, name)
    looked(membership)
    (only,) = told(membership, group)
    assert only.gaps.partners == (Subkind.PRIVATE_ASSOCIATION,)
    looked(membership)
    assert told(membership, group) == [only]


def test_what_changes_no_seat_sets_nothing_going(membership: Runtime) -> None:
    establish(membership)
    health = seat(membership, "health")
    looked(membership)
    send(membership, ChangeContactChannel(), "member", health)
    send(membership, ProposeMember(**ORGANISATIONS["bank"]), "member")
    assert due(membership) == []


def test_it_says_why_and_that_nobody_decided_it(membership: Runtime) -> None:
    group = establish(membership)
    looked(membership)
    health = seat(membership, "health")
    looked(membership)
    cleared = membership.store.stream(membership.stream("working-group", group))[-1]
    joined = membership.store.stream(membership.stream("member", health))[-1]
    assert joined.type == membership.service.types.names[MemberJoined]
    assert (cleared.causation_id, cleared.correlation_id) == (joined.id, joined.correlation_id)
    assert cleared.actor == f"reaction:{COMPOSITION}"


def test_a_member_that_comes_while_it_is_looked_at_is_not_overlooked(
    membership: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has come after the look-up has set the next look going, which does not end with this one."""
    group = establish(membership)
    given = membership.given
    late: list[UUID] = []

    def and_then_somebody_joins(row: Any, command: Any, *more: Any) -> Any:
        known = given(row, command, *more)
        if isinstance(command, MarkComposition) and not late:
            late.append(group)
            seat(membership, "bank")
        return known

    monkeypatch.setattr(membership, "given", and_then_somebody_joins)
    looked(membership)
    assert late
    assert gaps(membership, group) == gaps_now(membership.store.registers())
    assert Subkind.FINANCIAL_INSTITUTION not in gaps(membership, group).partners


def test_without_a_working_group_there_is_nothing_to_look_at(membership: Runtime) -> None:
    group = establish(membership)
    health = seat(membership, "health")
    looked(membership)
    dissolving = replace(DECREE, number="222/2025", date=date(2025, 3, 3))
    send(membership, DissolveWorkingGroup(decree=dissolving, reason="Diganti."), "working-group", group)
    send(membership, SuspendMember(reason="Tidak hadir."), "member", health, CHAIR)
    assert COMPOSITION not in due(membership)
    anew = replace(DECREE, number="333/2025", date=date(2025, 3, 3))
    wish = EstablishWorkingGroup(decree=anew, term_start=date(2025, 3, 3), term_end=date(2099, 12, 31))
    next_group = send(membership, wish, "working-group")
    looked(membership)
    assert AgencyType.HEALTH in gaps(membership, next_group).agencies
    assert listed(membership.store) == []


def test_a_worker_looks_once_when_it_starts_for_members_that_came_before_there_was_this_rule(membership: Runtime) -> None:
    group = establish(membership)
    seat(membership, "health")
    with membership.store.db.writing() as session:
        session.run("DELETE FROM timers WHERE name = :name", name=COMPOSITION)
    looked(membership)
    assert told(membership, group) == []
    set_going(membership)
    looked(membership)
    begun = told(membership, group)
    assert [type(one) for one in begun] == [CompositionGapFlagged]
    set_going(membership)
    looked(membership)
    assert told(membership, group) == begun


def test_a_start_beside_a_command_that_sets_the_same_going_waits_for_it(on_each: Runtime) -> None:
    """The command's commit was between its look and its write once: the worker ended with a row that was there already."""
    establish(on_each)
    database = on_each.store.db
    with database.writing() as session:
        row = session.one(f"SELECT {', '.join(timers.c.keys())} FROM timers WHERE name = :name", name=COMPOSITION)
        session.run("DELETE FROM timers WHERE name = :name", name=COMPOSITION)
    assert row
    waits = dict(zip(timers.c.keys(), row, strict=True))
    with ThreadPoolExecutor(1) as pool:
        with database.exclusive() as session:
            session.insert(timers, [waits])
            start = pool.submit(set_going, on_each)
            time.sleep(0.3)
        start.result(10)
    assert waiting_looks(on_each) == [(waits["stream"], waits["due"], waits["causation_id"])]


def test_a_start_leaves_what_waits_as_it_is(membership: Runtime) -> None:
    set_going(membership)
    assert due(membership) == []
    establish(membership)
    seat(membership, "health")
    before = waiting_looks(membership)
    set_going(membership)
    assert waiting_looks(membership) == before != []


def waiting_looks(membership: Runtime) -> list[tuple[Any, ...]]:
    """The timers of such looks, whole."""
    with membership.store.db.reading() as session:
        return session.rows("SELECT stream, due, causation_id FROM timers WHERE name = :name", name=COMPOSITION)


def due(membership: Runtime) -> list[str]:
    """The names of the timers that are due now."""
    with membership.store.db.reading() as session:
        return [row[0] for row in session.rows("SELECT name FROM timers WHERE name = :name", name=COMPOSITION)]
