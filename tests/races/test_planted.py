"""Every planted fault is caught: a check that cannot fail would prove nothing."""

import pytest

from tests.races import checks, planted
from tests.races.planted import Plant

CAUGHT = [
    (planted.CounterOutsideTheLock, checks.check_tail, "never saw|holes"),  # a roll-back burns what was drawn, too
    (planted.PositionsBurntOnRollback, checks.check_tail, "holes"),
    (planted.LockTakenLast, checks.check_storm, "no caller should get"),
    (planted.LockTakenLast, checks.check_tail, "run back|gave numbers twice"),
    (planted.NoLockButRetries, checks.check_hot, "gave up"),
    (planted.HintBeforeCommit, checks.check_hints, "before there was anything to read"),
    (planted.AcknowledgedBeforeCommit, checks.check_tail, "acknowledged"),
    (planted.RecordInAnotherTransaction, checks.check_killed_after, "without a command's record"),
    (planted.RegisterOutsideTheTransaction, checks.check_killed_after, "differs from a replay"),
    (planted.LosersFailTheirBatch, checks.check_batch, "BrokenRule"),
    (planted.KeyLookedUpBeforeTheLockOnly, checks.check_key_raced, "(UniqueViolation|IntegrityError)"),
    (planted.KeysForgottenAfterAWhile, checks.check_old_key, "another answer"),
]


NAMES = [f"{variant.__name__}-{check.__name__}" for variant, check, _ in CAUGHT]


@pytest.mark.parametrize(("variant", "check", "because"), CAUGHT, ids=NAMES)
def test_a_planted_fault_is_caught(arena, variant, check, because):
    arena.planted = Plant(variant)
    with pytest.raises(AssertionError, match=because) as caught:
        check(arena)
    print(f"{variant.__name__}: {str(caught.value).splitlines()[0][:150]}")
