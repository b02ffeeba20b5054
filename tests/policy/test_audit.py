"""Who was refused what, and who read what is confidential: an entry for each, nothing that was read, and no answer without it."""

from __future__ import annotations

import contextlib
import json
import random
import uuid
from collections.abc import Iterator

import pytest

from shared.errors import Busy
from shared.store.session import Session
from tests.policy.disputes import ONE, THIRD, Disputes


def last(disputes: Disputes) -> tuple[str, ...]:
    return tuple(map(str, disputes.trail()[-1]))


def test_a_refusal_says_who_what_which_and_why(disputes: Disputes) -> None:
    disputes.send("orang-satu", f"{disputes.first}/close", {})
    rule = "POST /dispute/api/v1/disputes/<uuid:id>/close"
    assert last(disputes) == ("refused", rule, f'["{disputes.first}"]', "not-allowed", disputes.ids["orang-satu"], "member")


def test_what_is_hidden_and_what_is_missing_leave_the_same_entry(disputes: Disputes) -> None:
    for id in (disputes.first, uuid.uuid4()):
        disputes.get("orang-tiga", str(id))
        outcome, what, ids, reason, *_ = last(disputes)
        assert (outcome, what, reason) == ("refused", "GET /dispute/api/v1/disputes/<uuid:id>", "no-such-dispute")
        assert json.loads(ids) == [str(id)]


def test_reading_what_is_confidential_leaves_the_ids(disputes: Disputes) -> None:
    second = disputes.open(0xD2, "Jalan", ONE, THIRD)
    disputes.get("orang-satu")
    outcome, what, ids, reason, account, _ = last(disputes)
    assert (outcome, what, reason, account) == ("read", "disputes", "", disputes.ids["orang-satu"])
    assert json.loads(ids) == [str(disputes.first), str(second)]
    disputes.get("penengah", f"{disputes.first}/timeline")
    assert last(disputes)[:3] == ("read", "dispute", f'["{disputes.first}"]')


def test_reading_what_is_public_leaves_nothing(disputes: Disputes) -> None:
    for name in ("secretariat", None):
        assert disputes.get(name, "/dispute/api/v1/stages").status_code == 200
        assert disputes.get(name, "/dispute/feed").status_code == 200
    assert disputes.trail() == []


def test_one_answer_is_one_reading_of_each_thing(disputes: Disputes) -> None:
    disputes.get("secretariat", f"/dispute/disputes/{disputes.first}")
    read = [(row[1], row[2]) for row in disputes.trail()]
    assert len(read) == len(set(read))
    assert {what for what, _ in read} >= {"dispute", "disputes"}


def test_every_read_and_every_refusal_of_many_has_its_entry(disputes: Disputes) -> None:
    """Whoever does whatever: what was told or refused stands in the trail, and never what was told."""
    chance = random.Random(7)
    names = ("secretariat", "chair", "penengah", "orang-satu", "orang-tiga", "operator", "member")
    paths = ("", str(disputes.first), f"{disputes.first}/timeline", str(uuid.UUID(int=5)), "/dispute/disputes/")
    for _ in range(200):
        name, path, before = chance.choice(names), chance.choice(paths), len(disputes.trail())
        if chance.random() < 0.2:
            answer = disputes.send(name, f"{disputes.first}/tell-secret", {"party_id": str(uuid.uuid4()), "what": "kata sandi"})
        else:
            answer = disputes.get(name, path)
        sees_all = name in {"secretariat", "chair"}  # to whom nothing is hidden: what is missing is just that
        told = "Batas tanah" in answer.text or answer.status_code in ({403} if sees_all else {403, 404})
        assert (len(disputes.trail()) > before) == told, (name, path, answer.status_code)
    everything = str(disputes.trail())
    assert "Batas" not in everything
    assert "rahasia" not in everything
    assert "kata sandi" not in everything


def test_without_an_entry_there_is_no_answer(disputes: Disputes, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def stuck() -> Iterator[Session]:
        raise Busy("the disk is full")
        yield

    monkeypatch.setattr(disputes.site.runtime.store.db, "writing", stuck)
    for name, path in (
        ("secretariat", ""),
        ("secretariat", str(disputes.first)),
        ("secretariat", f"{disputes.first}/timeline"),
        ("secretariat", "/dispute/disputes/"),
        ("secretariat", "/dispute/disputes/?bentuk=csv"),
        ("secretariat", f"/dispute/disputes/{disputes.first}"),
        ("orang-tiga", str(disputes.first)),
        ("operator", "/dispute/feed?view=interagency"),
    ):
        answer = disputes.get(name, path)
        assert answer.status_code == 503, (name, path)
        assert "Batas tanah" not in answer.text
    assert disputes.send("orang-satu", f"{disputes.first}/close", {}).status_code == 503
    assert disputes.get("secretariat", "/dispute/api/v1/stages").status_code == 200


def test_strangers_fill_no_trail(disputes: Disputes) -> None:
    for _ in range(3):
        assert disputes.get(None, str(disputes.first)).status_code == 401
        assert disputes.get(None, "", Authorization="Bearer pkp_nobody").status_code == 401
    assert disputes.trail() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_trail SET account = 'x'",
        "DELETE FROM audit_trail",
        "INSERT OR REPLACE INTO audit_trail SELECT * FROM audit_trail",
    ],
)
def test_an_entry_is_never_changed(disputes: Disputes, statement: str) -> None:
    disputes.get("secretariat")
    before = disputes.trail()
    with pytest.raises(Exception, match="never changed"), disputes.site.runtime.store.db.writing() as session:
        session.run(statement)
    assert disputes.trail() == before
