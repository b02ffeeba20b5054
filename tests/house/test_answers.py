"""Whatever the workshop refuses, it says why in Indonesian; and it says nothing that it never refuses."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from shared.door import SLUGS as OF_FIELDS
from shared.identity.roles import Role
from shared.web.problems import SLUGS as OF_STATUS
from shared.web.texts import texts_of
from tests.house.rooms import CHECKOUT

TEXTS = texts_of(None, ZoneInfo("Asia/Jakarta"))
RAISED = re.compile(
    r'(?:Problem\(\s*\d+,|(?:NotAllowed|NotFound|BrokenRule|WrongState|UnknownReference|NotIn|super\(\).__init__|\.refusal)\()\s*"([a-z-]+)"'
)
NAMED = re.compile(r'"slug": "([a-z-]+)"')


def raised() -> set[str]:
    sources = [file.read_text("utf-8") for file in (CHECKOUT / "shared").rglob("*.py")]
    return {slug for text in sources for pattern in (RAISED, NAMED) for slug in pattern.findall(text)}


def test_the_slugs_are_found_in_the_code() -> None:
    assert {"idempotency-key-required", "version-mismatch", "not-allowed", "subject-erased"} <= raised()


@pytest.mark.parametrize("slug", sorted(raised() | set(OF_FIELDS) | set(OF_STATUS.values())))
def test_every_slug_has_a_sentence(slug: str) -> None:
    told = TEXTS.find("refusal", "not-found" if slug.startswith("no-such-") else slug)
    assert told
    assert told.endswith((".", "}"))


def test_no_sentence_is_left_over() -> None:
    told = {key for kind, key in TEXTS.shared if kind == "refusal"}
    assert told - raised() - set(OF_FIELDS) - set(OF_STATUS.values()) == set()


def test_every_role_has_a_name() -> None:
    assert [role for role in Role if not TEXTS.find("value", f"Role.{role}")] == []
