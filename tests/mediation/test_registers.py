"""What mediation's registers make of facts, and what its look-ups find in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.mediation.domain.case import (
    AgreementDrafted,
    AgreementSigned,
    CaseListed,
    ConflictRegistered,
    ConflictResolved,
    DraftAgreement,
    RegisterCase,
)
from services.mediation.domain.terms import Axis, Obligation, Scope, Stage
from services.mediation.examples import (
    AGENCY,
    AGENCY_NAME,
    CASE,
    CLAIM,
    CONTACT,
    EXAMPLES,
    HASH,
    INTEREST,
    NUMBER,
    OBLIGATION,
    OWNERS,
    PLANNING,
    PROMISE,
    TITLE,
    VILLAGE,
)
from services.mediation.foreign import MemberJoined, MemberReinstated, MemberSuspended
from services.mediation.registers.cases import CaseLine, cases
from services.mediation.registers.obligations import ObligationLine, obligations
from services.mediation.registers.organisations import (
    Organisation,
    named_as_advised,
    named_as_parties,
    organisations,
)
from services.mediation.registers.parties import PartyLine, parties
from services.mediation.registers.public_cases import PublicLine, public_cases
from services.mediation.service import service
from shared.facts import personal_fields
from shared.testing import folded

REGISTERED: ConflictRegistered = EXAMPLES[ConflictRegistered]
LISTED: CaseListed = EXAMPLES[CaseListed]
DRAFTED: AgreementDrafted = EXAMPLES[AgreementDrafted]
SIGNED: AgreementSigned = EXAMPLES[AgreementSigned]
BOTH = (SIGNED, replace(SIGNED, party_id=AGENCY, on=date(2025, 6, 4)))
SETTLED = (EXAMPLES[ConflictResolved], replace(LISTED, stage=Stage.SETTLED, on=date(2025, 6, 4)))
WHOLE = (REGISTERED, LISTED, DRAFTED, *BOTH, *SETTLED)


class Known:
    """Registers as they look to a look-up: rows by register name and key."""

    def __init__(self, rows: dict[tuple[str, str], Any]) -> None:
        self.rows_by_key = rows

    def row(self, register: Any, key: str) -> Any:
        return self.rows_by_key.get((register.name, key))


BAPPEDA = Known({("organisations", str(PLANNING)): Organisation(AGENCY_NAME, active=False)})


def test_a_case_opens_a_line():
    assert folded(cases, (REGISTERED,), CASE)[str(CASE)] == CaseLine(
        number=NUMBER,
        title=TITLE,
        stage=Stage.REGISTERED,
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code=VILLAGE,
        claim=CLAIM,
        registered_on=date(2025, 5, 21),
        tracking_code=REGISTERED.tracking_code,
        parties=2,
    )


def test_a_text_waits_for_signatures():
    line = folded(cases, (REGISTERED, LISTED, DRAFTED, SIGNED), CASE)[str(CASE)]
    assert (line.stage, line.signatures, line.text_hash) == (Stage.AGREEMENT_DRAFTED, 1, HASH)
    assert line.drafted_on == date(2025, 6, 2)
    assert (line.scope, line.clauses, line.interests) == (Scope.FULL, DRAFTED.clauses, DRAFTED.interests)
    assert (line.root_causes, line.advised) == (DRAFTED.root_causes, DRAFTED.advised)


def test_a_new_text_counts_its_signatures_from_nought():
    line = folded(cases, (REGISTERED, LISTED, DRAFTED, SIGNED, DRAFTED), CASE)[str(CASE)]
    assert (line.stage, line.signatures) == (Stage.AGREEMENT_DRAFTED, 0)


def test_a_settled_case_shows_the_day():
    line = folded(cases, WHOLE, CASE)[str(CASE)]
    assert (line.stage, line.signatures, line.settled_on) == (Stage.SETTLED, 2, date(2025, 6, 4))


def test_every_party_has_a_line_with_what_was_sealed_in_the_fact():
    """The register passes personal fields on as they are stored: it neither reads nor changes them."""
    sealed = replace(REGISTERED, parties=(replace(REGISTERED.parties[0], contact="sealed"), REGISTERED.parties[1]))
    rows = folded(parties, (sealed,), CASE)
    assert set(rows) == {f"{CASE}/{OWNERS}", f"{CASE}/{AGENCY}"}
    owners, agency = rows[f"{CASE}/{OWNERS}"], rows[f"{CASE}/{AGENCY}"]
    assert (owners.number, owners.contact, owners.is_complainant, owners.signed_on) == (NUMBER, "sealed", True, None)
    assert (agency.organisation_id, agency.spokesperson, agency.name) == (PLANNING, None, AGENCY_NAME)
    assert owners.case_id == agency.case_id == CASE
    assert CONTACT not in str(rows)


def test_the_register_says_which_of_its_columns_are_personal():
    assert [(one.path, one.subject) for one in personal_fields(PartyLine)] == [
        (("spokesperson",), "party_id"),
        (("contact",), "party_id"),
    ]


def test_a_signature_stands_in_the_line_of_its_party():
    rows = folded(parties, (REGISTERED, LISTED, DRAFTED, SIGNED), CASE)
    assert rows[f"{CASE}/{OWNERS}"].signed_on == SIGNED.on
    assert rows[f"{CASE}/{AGENCY}"].signed_on is None


def test_a_new_text_clears_the_signatures_of_all_parties():
    rows = folded(parties, (REGISTERED, LISTED, DRAFTED, *BOTH, DRAFTED), CASE)
    assert [row.signed_on for row in rows.values()] == [None, None]


def test_each_obligation_has_a_line():
    assert folded(obligations, WHOLE, CASE) == {f"{CASE}/{OBLIGATION}": ObligationLine(CASE, AGENCY, PROMISE.act, PROMISE.due)}


def test_the_obligations_of_a_former_text_fall():
    other = Obligation(obligation_id=INTEREST, debtor=OWNERS, act="Mencabut pengaduan.", due=date(2025, 9, 1))
    redrafted = replace(DRAFTED, obligations=(other,), voided=(OBLIGATION,))
    assert set(folded(obligations, (REGISTERED, DRAFTED, redrafted), CASE)) == {f"{CASE}/{INTEREST}"}


def test_the_public_sees_how_far_a_case_is_and_nothing_else():
    (line,) = folded(public_cases, WHOLE, CASE).values()
    assert line == PublicLine(NUMBER, Axis.GOVERNMENT_AFFECTED, "32.04", Stage.SETTLED, date(2025, 6, 4))


def test_the_public_register_folds_published_facts_only():
    assert set(public_cases.folds) <= set(service.publishes)


def test_keys_of_lines_begin_with_their_case():
    """So that facts of one case touch lines of that case only."""
    for register in service.own_registers:
        for fact in WHOLE:
            assert all(key.startswith(str(CASE)) for key in register.touched(fact, CASE)), register.name


def test_an_organisation_is_known_from_its_seat_on_and_stays_known():
    joined = MemberJoined(member_id=PLANNING, name=AGENCY_NAME)
    suspended, back = MemberSuspended(member_id=PLANNING), MemberReinstated(member_id=PLANNING)
    assert folded(organisations, (joined,), PLANNING) == {str(PLANNING): Organisation(AGENCY_NAME, active=True)}
    assert folded(organisations, (joined, suspended), PLANNING)[str(PLANNING)].active is False
    assert folded(organisations, (joined, suspended, back), PLANNING)[str(PLANNING)].active is True
    assert folded(organisations, (suspended,), PLANNING) == {}


def test_the_look_ups_find_the_organisations_that_are_known():
    """A suspended one is known, too: it can still be a party."""
    wish: RegisterCase = EXAMPLES[RegisterCase]
    draft: DraftAgreement = EXAMPLES[DraftAgreement]
    assert named_as_parties(BAPPEDA, wish, str(CASE)) == {PLANNING}
    assert named_as_parties(Known({}), wish, str(CASE)) == frozenset()
    assert named_as_advised(BAPPEDA, replace(draft, advised=(PLANNING, OWNERS)), str(CASE)) == {PLANNING}
