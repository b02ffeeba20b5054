"""kill -9 of writers at any moment: nothing acknowledged is lost, nothing is doubled, nothing is stored by halves."""

from tests.races import checks


def test_two_thousand_acknowledged_and_ten_kills(arena):
    acknowledged, kills, unknown = checks.check_kills(arena, acknowledged=2000, kills=10)
    print(f"{arena.place.kind}: {acknowledged} acknowledged, {kills} kills, {unknown} unknown outcomes resolved")
    assert acknowledged >= 2000
