"""One example of every fact and command."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.shared.thing.domain.thing import (
    CloseThing,
    Colour,
    CountThing,
    MakeThing,
    NoteThing,
    ThingClosed,
    ThingCounted,
    ThingMade,
    ThingNoted,
)

ID = UUID("00000000-0000-4000-8000-000000000001")
DAY = date(2025, 6, 10)

EXAMPLES: dict[type, Any] = {
    ThingMade: ThingMade(thing_id=ID, number="THG/32/2025/0001", name="Lampu", colour=Colour.RED, made_on=DAY),
    ThingCounted: ThingCounted(thing_id=ID, by=2),
    ThingNoted: ThingNoted(thing_id=ID, person_id=ID, note="catatan"),
    ThingClosed: ThingClosed(thing_id=ID, reason="selesai"),
    MakeThing: MakeThing(name="Lampu", colour=Colour.RED, on=DAY),
    CountThing: CountThing(by=2),
    NoteThing: NoteThing(person_id=ID, note="catatan"),
    CloseThing: CloseThing(reason="selesai"),
}
