"""The closed list of roles, by the names of the demo accounts that hold them."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may be in a province's working group."""

    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    STEERING = "steering"
    MEMBER = "member"
    PARTNER = "partner"
    MEDIATOR = "mediator"
    PARTY = "party"
    OPERATOR = "operator"
    MACHINE = "machine"
    PUBLIC = "public"


SECRETARIAT, CHAIR, STEERING, MEMBER, PARTNER, MEDIATOR, PARTY, OPERATOR, MACHINE, PUBLIC = Role

DEMO_ACCOUNTS = {
    "sekretariat": SECRETARIAT,
    "ketua": CHAIR,
    "pengarah": STEERING,
    "anggota": MEMBER,
    "mitra": PARTNER,
    "mediator": MEDIATOR,
    "pihak": PARTY,
    "operator": OPERATOR,
}
