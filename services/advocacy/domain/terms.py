"""The words of advocacy: kinds, origins, targets, and what each kind asks for."""

from __future__ import annotations

import datetime
from enum import StrEnum
from uuid import UUID

from shared.facts import amount, matching, part, several, text


class Status(StrEnum):
    """Where an advocacy stands."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    DISMISSED = "dismissed"
    APPROVED = "approved"
    RAISED = "raised"
    IN_PROGRESS = "in_progress"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


BEFORE_RAISING = (Status.PROPOSED, Status.RETURNED, Status.APPROVED)
AT_WORK = (Status.RAISED, Status.IN_PROGRESS)


class Kind(StrEnum):
    """What an advocacy is after: money, rules, or care."""

    BUDGET = "budget"
    POLICY = "policy"
    AWARENESS = "awareness"


class OriginKind(StrEnum):
    """What an advocacy grew from."""

    ASPIRATION = "aspiration"
    CASE = "case"
    FINDING = "finding"
    MEETING = "meeting"
    OWN = "own"


class TargetKind(StrEnum):
    """Who is to be moved: an agency, the budget team (TAPD), the council (DPRD), the governor, a community."""

    AGENCY = "agency"
    BUDGET_TEAM = "budget_team"
    COUNCIL = "council"
    GOVERNOR = "governor"
    COMMUNITY = "community"


class Affair(StrEnum):
    """The five ways of being involved in housing and settlement areas."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


class AdvocacyField(StrEnum):
    """What of an advocacy may be corrected."""

    TITLE = "title"
    ISSUE = "issue"
    LEGAL_BASIS = "legal_basis"
    TARGET_NAME = "target_name"


class PolicyField(StrEnum):
    """What of a policy in the inventory may be corrected."""

    TITLE = "title"
    NUMBER = "number"
    TOPIC = "topic"


class Instrument(StrEnum):
    """The form of a policy."""

    REGIONAL_REGULATION = "regional_regulation"
    GOVERNOR_REGULATION = "governor_regulation"
    DECREE = "decree"
    PLAN = "plan"
    GUIDELINE = "guideline"


class PolicyStatus(StrEnum):
    """Whether there is such a policy."""

    NONE = "none"
    DRAFT = "draft"
    IN_FORCE = "in_force"
    REVOKED = "revoked"


class Branch(StrEnum):
    """What a policy advocacy works for; derived from the four answers about the policy. None: the policy is adequate."""

    CREATE = "create"
    IMPROVE = "improve"
    ENFORCE = "enforce"
    REVOKE_REPLACE = "revoke_replace"
    NONE = "none"


class Level(StrEnum):
    """Whose policy it is."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGENCY_CITY = "regency_city"


class BranchCause(StrEnum):
    """What changed the branch of a policy."""

    ASSESSMENT = "assessment"
    REASSESSMENT = "reassessment"
    OVERRIDE = "override"


class MeasureKind(StrEnum):
    """How a policy in force is made to work."""

    CIRCULAR = "circular"
    INSPECTION = "inspection"
    SANCTION = "sanction"
    PUBLISHED_LIST = "published_list"
    TRAINING = "training"
    OTHER = "other"


class Classification(StrEnum):
    """Who may open a document."""

    PUBLIC = "public"
    INTERAGENCY = "interagency"
    RESTRICTED = "restricted"


class PositionKind(StrEnum):
    """The form of a published position."""

    POLICY_BRIEF = "policy_brief"
    BUDGET_POSITION_PAPER = "budget_position_paper"
    STATEMENT = "statement"


class Answer(StrEnum):
    """What the target says to what it is asked."""

    AGREES = "agrees"
    PARTLY = "partly"
    REFUSES = "refuses"


class Outcome(StrEnum):
    """What came of an advocacy."""

    ACHIEVED = "achieved"
    PARTIALLY_ACHIEVED = "partially_achieved"
    NOT_ACHIEVED = "not_achieved"


class Vacancy(StrEnum):
    """Why an advocacy lost its lead."""

    SUSPENDED = "suspended"
    LEFT = "left"
    SUCCEEDED = "succeeded"


class EngagementKind(StrEnum):
    """How the working group met or wrote to those it wants to move."""

    AUDIENCE = "audience"
    HEARING = "hearing"
    LETTER = "letter"
    WORKSHOP = "workshop"


@part
class Origin:
    """What an advocacy grew from, with its number or id there."""

    kind: OriginKind
    ref: str = text(0, 120, default="")


@part
class Target:
    """Who is to be moved; `organisation_id` when it is a member."""

    kind: TargetKind
    name: str = text(2, 200)
    organisation_id: UUID | None = None


@part
class BudgetBlock:
    """What is asked of a budget: whole rupiah, households with a low income, and their share in percent."""

    fiscal_year: int = amount(2020, 2100)
    programme: str = text(1, 80)
    beneficiaries: int = amount(1, 10**9)
    baseline: int = amount()
    ask: int = amount(1)
    mbr_share: int = amount(0, 100)


@part
class PolicyBlock:
    """The policy in question and the answers from which the branch is derived."""

    instrument: Instrument
    title: str = text(3, 300)
    number: str = text(0, 80, default="")
    status: PolicyStatus
    contrary_to_public_interest: bool = False
    pro_public: bool = False
    effective: bool = False


@part
class AwarenessBlock:
    """What a campaign wants people to care for, whom it addresses and by which channels."""

    theme: str = text(3, 200)
    target_groups: str = text(3, 500)
    channels: str = text(3, 500)


@part
class Source:
    """The letter by which an office spoke and which the secretariat enters for it; its sender is never a person."""

    number: str = text(1, 80)
    date: datetime.date
    sender: str = text(2, 200)
    organisation_id: UUID | None = None
    file: UUID | None = None


@part
class Document:
    """A paper: its own number, date and issuer beside the hash of its file; the classification says who may open it."""

    title: str = text(3, 300)
    number: str = text(0, 120, default="")
    date: datetime.date
    issuer: str = text(2, 200)
    sha256: str = matching(r"^[0-9a-f]{64}$", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    classification: Classification
    file: UUID | None = None


@part
class Score:
    """How far one principle of good governance is kept, from 0 to 4, with the evidence attached before."""

    points: int = amount(0, 4)
    note: str = text(0, 1000, multiline=True, default="")
    evidence_ids: tuple[UUID, ...] = several(0, 20, ())


@part
class BranchStep:
    """A branch that a policy had, and since when."""

    branch: Branch
    since: datetime.date
