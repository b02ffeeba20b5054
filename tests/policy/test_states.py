"""The states that a process keeps for its lists always equal a replay, whoever moves the log and from wherever."""

from __future__ import annotations

import random
from uuid import UUID

from shared.states import States
from tests.policy.dispute.domain.dispute import DisputeClosed, MediatorChosen
from tests.policy.disputes import ONE, OTHER, THIRD, Disputes
from tests.policy.house import told


def test_kept_states_equal_a_replay(disputes: Disputes) -> None:
    chance, runtime, aggregate = random.Random(3), disputes.site.runtime, disputes.site.service.aggregates[0]
    kept, ids = States(runtime), [disputes.first]
    for n in range(120):
        match chance.randrange(3):
            case 0:
                ids.append(disputes.open(0x1000 + n, f"Perkara {n}", *chance.sample((ONE, OTHER, THIRD), 2)))
            case 1:
                id = chance.choice(ids)
                told(runtime, aggregate, id, MediatorChosen(dispute_id=id, account=f"akun-{n % 5}"))
            case _:
                id = chance.choice(ids)
                told(runtime, aggregate, id, DisputeClosed(dispute_id=id))
        if n % 7 == 0:
            for question in ("closed", "led"):
                holds = (lambda state: state.closed) if question == "closed" else (lambda state: state.mediator == "akun-1")
                assert kept.those(aggregate, question, holds) == States(runtime).those(aggregate, question, holds)
    everything = kept.those(aggregate, "all", lambda state: True)
    assert everything == {str(id) for id in ids}


def test_an_answer_is_asked_once_until_the_log_moves(disputes: Disputes) -> None:
    aggregate, asked = disputes.site.service.aggregates[0], list[UUID]()
    kept = States(disputes.site.runtime)

    def ask() -> frozenset[str]:
        return kept.those(aggregate, "any", lambda state: not asked.append(state.id))

    assert ask() == ask() == {str(disputes.first)}
    assert asked == [disputes.first]
    second = disputes.open(0xD9, "Jalan", ONE, THIRD)
    assert ask() == {str(disputes.first), str(second)}
