"""A store put back to an earlier day while siblings know more: refused, accepted by a person, and then equal everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from shared.delivery.letters import listed
from shared.delivery.postbox import ALARM
from tests.faults.backup import Backup
from tests.faults.conftest import begun
from tests.faults.load import Field, newcomer
from tests.faults.tally import BURST, Tally
from tests.journeys.apart import VARIANTS
from tests.ops.platform import until
from tests.oracles_between import lag, settled
from tests.watchers import Reader

pytestmark = [pytest.mark.platform, pytest.mark.server]
LISTENERS = ("advocacy", "forum", "mediation")


@pytest.fixture(scope="module", params=VARIANTS)
def field(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A platform with its demo."""
    folder = tmp_path_factory.mktemp("restored")
    with begun(request.param, folder, lambda: request.getfixturevalue("postgres_server")) as made:
        yield made


def test_a_restored_store_is_refused_then_accepted_and_its_siblings_follow(
    field: Field, tally: Tally, request: pytest.FixtureRequest
) -> None:
    platform, store = field.platform, field.platform.runtimes["membership"].store
    with field.load() as load:
        load.allow(BURST)
        load.reach()
    backup, head = backed_up(field), store.head()
    reader = Reader(f"http://127.0.0.1:{platform.port}/membership/feed", platform.token("sekretariat"))
    lost = after_the_backup(field, "lost")
    known = store.head()
    halted(field)
    backup.put_back()

    refuses(field, f"membership: the store holds {head} facts, {known} were seen here")
    accepted = platform.pkp("restore", "--accept", "--service", "membership")
    assert accepted.stdout.startswith(f"membership: accepted; {known - head} positions are lost"), accepted.stderr
    platform.start_web()
    platform.start_worker()
    settled(lambda: lag(platform.runtimes, platform.kafka))
    assert set_aside(field) == dict.fromkeys(LISTENERS, 1)
    for name in LISTENERS:
        for id in lost:
            answer = field.first.get("sekretariat", f"/{name}/api/v1/organisations/{id}")
            assert answer is not None
            assert answer.status_code == 404, f"{name} still shows what was lost"
    with field.load() as load:  # the positions of lost facts are given to others now
        load.allow(BURST)
        load.reach()
    assert reader.end(store) > head
    assert reader.forks == 1
    tally.say(request.node.name, restores=1, lost_facts=known - head, forks_seen=reader.forks, **load.counts)


def backed_up(field: Field) -> Backup:
    """A copy of membership's store, taken while nobody works."""
    halted(field)
    made = Backup(field.platform, "membership", field.folder.parent)
    field.platform.start_web()
    field.platform.start_worker()
    return made


def after_the_backup(field: Field, edition: str) -> list[str]:
    """The ids of members that the backup does not know and siblings do."""
    driver = field.driver(edition)
    driver.history = None
    for n in range(3):
        driver.edition = f"{edition}-{n}"
        list(driver.walk("membership", newcomer(n, driver.edition)))
    settled(lambda: lag(field.platform.runtimes, field.platform.kafka))
    ids = [driver.id(f"{edition}-{n}") for n in range(3)]
    driver.close()
    return ids


def halted(field: Field) -> None:
    """Nobody works, nobody is connected."""
    field.platform.halt()
    field.platform.let_go()


def refuses(field: Field, because: str) -> None:
    """Neither web process nor worker serves the store."""
    for word in ("web", "worker", "restore"):
        told = field.platform.pkp(word)
        assert told.returncode in (1, 3), told  # gunicorn's master says 1 when two of its workers refuse in the same moment
        assert because in told.stdout + told.stderr
        assert "`pkp restore --accept --service membership`" in told.stdout + told.stderr


def set_aside(field: Field) -> dict[str, int]:
    """How many alarms of a fork each listener's operator has, who takes note of them."""
    found = {}
    for name in LISTENERS:
        letters = listed(field.platform.runtimes[name].store)
        assert {letter.kind for letter in letters} <= {ALARM}
        found[name] = sum("set aside" in letter.reason for letter in letters)
        for letter in letters:
            assert field.platform.pkp("letters", "retry", letter.id).stdout == f"{letter.id}: seen\n"
    return found


def test_a_store_restored_behind_our_back_is_noticed_by_what_others_hold(field: Field, tally: Tally, request) -> None:
    """The high-water mark went with the machine: siblings, or the topic, know more than the store."""
    platform = field.platform
    backup = backed_up(field)
    after_the_backup(field, "gone")
    halted(field)
    backup.put_back()
    shutil.rmtree(platform.folder / "state")
    platform.start_web()
    worker = platform.start_worker()
    if platform.kafka:
        assert worker.wait(40) != 0
        assert "UnsafeStore" in platform.words
    else:
        stores = [platform.runtimes[name].store for name in LISTENERS]
        until(lambda: all(any(one.kind == ALARM for one in listed(store)) for store in stores), 40, "the alarms")
    halted(field)
    accepted = platform.pkp("restore", "--accept", "--service", "membership")
    assert accepted.stdout.startswith("membership: accepted"), accepted.stdout + accepted.stderr
    platform.start_web()
    platform.start_worker()
    settled(lambda: lag(platform.runtimes, platform.kafka))
    set_aside(field)
    with field.load() as load:
        load.allow(BURST)
        load.reach()
    tally.say(request.node.name, restores=1, **load.counts)
