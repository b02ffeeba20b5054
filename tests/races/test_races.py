"""The known races, on the true append."""

from tests.races import checks


def test_a_reader_sees_every_position_once_and_in_order(arena):
    checks.check_tail(arena)


def test_rows_equal_a_replay_after_a_storm(arena):
    checks.check_storm(arena)


def test_sixteen_writers_on_one_account_all_succeed(arena):
    checks.check_hot(arena)


def test_losers_of_a_batch_lose_alone(arena):
    checks.check_batch(arena)


def test_one_key_raced_by_two_processes_has_one_effect(arena):
    checks.check_key_raced(arena)


def test_a_key_is_known_for_ever(arena):
    checks.check_old_key(arena)


def test_killed_right_before_commit(arena):
    checks.check_killed(arena, "before")


def test_killed_right_after_commit(arena):
    checks.check_killed(arena, "after")


def test_nobody_is_woken_for_nothing(arena):
    checks.check_hints(arena)
