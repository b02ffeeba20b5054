"""A store put back to an earlier day while siblings know more: refused, accepted by a person, and then equal everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from shared.delivery.letters import listed
from shared.delivery.postbox import ALARM
from shared.ops.commands.restoring import SHOWN
from tests.faults.backup import Backup, wiped
from tests.faults.conftest import begun
from tests.faults.load import Field, newcomer
from tests.faults.tally import BURST, Tally
from tests.journeys.apart import VARIANTS
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


def test_a_lost_service_comes_back_from_a_backup_made_under_load_and_its_siblings_follow(
    field: Field, tally: Tally, request: pytest.FixtureRequest
) -> None:
    platform, store, folder = field.platform, field.platform.runtimes["membership"].store, field.folder.parent / "backup"
    with field.load() as load:
        load.allow(BURST)
        made = platform.pkp("backup", str(folder))
        assert made.returncode == 0, made.stderr
        load.reach()
    reader = Reader(f"http://127.0.0.1:{platform.port}/membership/feed", platform.token("sekretariat"))
    lost, known = after_the_backup(field, "lost"), store.head()
    halted(field)
    destroyed(field, "membership", "membership_keys")

    restored = platform.pkp("restore", str(folder), "--service", "membership")
    assert restored.returncode == 0, restored.stderr
    head = store.head()
    assert f"membership: {head} facts put back" in restored.stdout
    assert f"membership: accepted; {known - head} positions are lost" in restored.stdout
    shown = restored.stdout.count("lost, but others hold it")  # the first few, and how many more
    assert lost[-1] in restored.stdout or shown > SHOWN, "a fact that siblings hold is lost without a word"
    forgotten = field.forget("membership")
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
    for words in (("verify",), ("replay", "--check")):
        assert platform.pkp(*words).returncode == 0
    tally.say(request.node.name, restores=1, lost_facts=known - head, lost_commands=forgotten, forks_seen=1, **load.counts)


def destroyed(field: Field, *databases: str) -> None:
    """The server with these databases is gone, and what was seen of them; there are new empty ones."""
    for name in databases:
        wiped(field.platform.settings.database_url(name))
    for file in (field.platform.folder / "state").glob(f"{databases[0]}.*"):
        file.unlink()


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
        assert "`pkp restore --accept" in told.stdout + told.stderr


def set_aside(field: Field) -> dict[str, int]:
    """How many alarms of a fork each listener's operator has, who takes note of them."""
    found, ids = {}, list[str]()
    for name in LISTENERS:
        letters = listed(field.platform.runtimes[name].store)
        assert {letter.kind for letter in letters} <= {ALARM}
        found[name] = sum("set aside" in letter.reason for letter in letters)
        ids += [letter.id for letter in letters]
    if ids:
        assert field.platform.pkp("letters", "retry", *ids).stdout == "".join(f"{id}: seen\n" for id in ids)
    return found


def test_a_store_restored_by_other_means_is_refused_though_its_mark_is_lost_too(field: Field, tally: Tally, request) -> None:
    """Positions are not given again that siblings hold: the database, or the file without its mark, is known to be another."""
    platform, store = field.platform, field.platform.runtimes["membership"].store
    backup, head = backed_up(field), store.head()
    after_the_backup(field, "gone")
    known = store.head()
    halted(field)
    backup.put_back()
    shutil.rmtree(platform.folder / "state")
    if platform.settings.embedded:
        refuses(field, "the store holds facts, but what was seen of it here is gone")
    else:
        refuses(field, "membership: the database, its server or its timeline is another one")
    assert store.head() == head
    accepted = platform.pkp("restore", "--accept")
    assert f"membership: accepted; {known - head} positions are lost" in accepted.stdout, accepted.stdout + accepted.stderr
    for name in LISTENERS:  # nothing is wrong with these, but of SQLite's files nobody can tell
        told = "accepted; 0 positions are lost" if platform.settings.embedded else "nothing to accept"
        assert f"{name}: {told}" in accepted.stdout
    assert platform.pkp("restore", "--release-timers").returncode == 0
    platform.start_web()
    platform.start_worker()
    settled(lambda: lag(platform.runtimes, platform.kafka))
    set_aside(field)
    with field.load() as load:
        load.allow(BURST)
        load.reach()
    tally.say(request.node.name, restores=1, lost_facts=known - head, **load.counts)
