"""Every planted fault is caught: a check that cannot fail would prove nothing."""

import pytest

from tests.races import checks, planted
from tests.races.planted import Plant

CAUGHT = [
    (planted.CounterOutsideTheLock, checks.check_tail, "never saw"),
    (planted.PositionsBurntOnRollback, checks.check_tail, "holes"),
    (planted.LockTakenLast, checks.check_storm, ""),
    (planted.NoLockButRetries, checks.check_hot, "gave up"),
    (planted.HintBeforeCommit, checks.check_hints, "before there was anything to read"),
    (planted.AcknowledgedBeforeCommit, checks.check_tail, "acknowledged"),
    (planted.RecordInAnotherTransaction, lambda arena: checks.check_killed(arena, "after"), "record"),
    (planted.RegisterOutsideTheTransaction, lambda arena: checks.check_killed(arena, "after"), "differs from a replay"),
    (planted.LosersFailTheirBatch, checks.check_batch, "BrokenRule"),
    (planted.KeyLookedUpBeforeTheLockOnly, checks.check_key_raced, ""),
    (planted.KeysForgottenAfterAWhile, checks.check_old_key, "another answer"),
]


@pytest.mark.parametrize(("variant", "check", "because"), CAUGHT, ids=[variant.__name__ for variant, _, _ in CAUGHT])
def test_a_planted_fault_is_caught(arena, variant, check, because):
    arena.planted = Plant(variant)
    with pytest.raises(AssertionError, match=because) as caught:
        check(arena)
    print(f"{variant.__name__}: {str(caught.value).splitlines()[0][:150]}")
