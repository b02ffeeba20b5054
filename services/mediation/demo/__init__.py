"""The demo of mediation: one case from its beginning to its end, and others at every stage; all parties are made up."""

from __future__ import annotations

from services.mediation.demo.flats import AFTERWARDS, CASE, STORY
from services.mediation.demo.others import OTHERS
from services.mediation.demo.waiting import AT_WORK
from shared.ops.steps import Step

AFTER: tuple[str, ...] = ("membership",)
STEPS: tuple[Step, ...] = (*STORY, *AFTERWARDS, *OTHERS, *AT_WORK)

__all__ = ["AFTER", "CASE", "STEPS", "STORY"]
