"""A backup made while others work comes back on a new server, whichever database it has, and revives nobody who was erased."""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from click.testing import CliRunner, Result

from services.membership.domain.member import ProposeMember
from services.membership.domain.representative import AppointRepresentative
from services.membership.examples import EXAMPLES
from shared import assembly
from shared.decider import Actor
from shared.delivery.tables import envelopes
from shared.errors import BrokenRule, UnsafeStore
from shared.execute import Caller, Done, Runtime
from shared.ops import highwater
from shared.ops.cli import main
from shared.privacy import erasures, reveal
from shared.settings import Settings, load
from tests.oracles import check_registers, check_reservations, everything
from tests.realparts.postgres import Server

ACTOR = Actor("tester", frozenset({"secretariat", "chair"}))
COMMANDS = {cls.__name__: one for cls, one in EXAMPLES.items()}
SECRETS = {"PKP_SECRET_KEY": "s" * 40, "PKP_MASTER_KEY": base64.b64encode(b"m" * 32).decode()}


@dataclass
class House:
    """One server with its databases and its data folder; a new one is a machine that nobody has used."""

    environment: dict[str, str]
    _made: list[Runtime] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return load(self.environment)

    @property
    def membership(self) -> Runtime:
        """Membership at work, whether it may be served or not."""
        self._made.append(assembly.runtime(assembly.installed()["membership"], self.settings))
        return self._made[-1]

    def pkp(self, *words: str, **given: str) -> Result:
        """Run a command here."""
        return CliRunner().invoke(main, words, env={"PKP_DEMO": "", **self.environment, **given}, catch_exceptions=False)

    def served(self) -> Runtime:
        """Membership at work as a web process opens it; raises UnsafeStore when it must not be served."""
        self._made += assembly.runtimes(self.settings).values()
        return self._made[-1]

    def close(self) -> None:
        for one in self._made:
            one.close()


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], House]]:
    """Makes servers: `server("sqlite")`, `server("postgresql")`."""
    houses, urls = list[House](), list[str]()

    def make(kind: str) -> House:
        folder = tmp_path / f"server {len(houses)}"
        given = {"PKP_DATA_DIR": str(folder), "PKP_SERVICES": "membership", **SECRETS}
        if kind == "postgresql":
            postgres: Server = request.getfixturevalue("postgres_server")
            base = f"pkp_{uuid4().hex[:10]}_"
            urls.extend(postgres.url(base + name) for name in ("membership", "membership_keys", "identity"))
            given["PKP_DATABASE_URL"] = urls[-1].removesuffix("identity") + "{service}"
        houses.append(House(given))
        return houses[-1]

    yield make
    for one in houses:
        one.close()
    for url in urls:
        request.getfixturevalue("postgres_server").drop(url)


def send(runtime: Runtime, command: object, aggregate: str = "member", id: UUID | None = None, key: str = "") -> Done:
    return runtime.execute(command, aggregate, id, Caller("caller", "tester", key or uuid4().hex, ACTOR))


def seated(runtime: Runtime, name: str) -> str:
    """A member with a head; the id of the person."""
    member = send(runtime, replace(EXAMPLES[ProposeMember], name=name)).id
    for wish in ("VerifyMember", "AdmitMember"):
        send(runtime, COMMANDS[wish], id=member)
    send(runtime, replace(EXAMPLES[AppointRepresentative], member_id=member, name=f"Kepala {name}"), "representative")
    (sealed,) = [
        one for one in everything(runtime.store) if one.type.endswith("representative-appointed.v1") and str(member) in one.data
    ]
    return str(msgspec.json.decode(sealed.data)["representative_id"])


def begun(house: House) -> Runtime:
    """A platform at work with an account, a person, an invitation that runs out."""
    assert house.pkp("migrate").exit_code == 0
    runtime = house.served()
    send(runtime, COMMANDS["EstablishWorkingGroup"], "working-group")
    seated(runtime, "Dinas Contoh")
    send(runtime, COMMANDS["InviteStakeholder"], "invitation", key="an invitation")
    assert house.pkp("account", "add", "sekretariat.satu", "--role", "secretariat").exit_code == 0
    assert house.pkp("account", "invite", "sekretariat.satu").exit_code == 0
    return runtime


def names(runtime: Runtime) -> dict[str, str | None]:
    """The person of each appointment, as far as it can be read."""
    found = {}
    for one in everything(runtime.store):
        if one.type.endswith("representative-appointed.v1"):
            data = msgspec.json.decode(one.data)
            found[data["representative_id"]] = reveal(runtime.keys, data["name"], one.stream, ("name",), one.version)
    return found


def rows(house: House, table: str, database: str = "membership") -> list[tuple[object, ...]]:
    from shared.store import open_database

    made = open_database(house.settings.database_url(database))
    with made.reading() as session:
        found = session.rows(f"SELECT * FROM {table}")
    made.close()
    return sorted(found, key=str)


def erase(runtime: Runtime, house: House, person: str) -> None:
    erasures.erase(runtime.keys, highwater.ledger_of(house.settings, "membership"), [person])


BOTH = pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])


@pytest.mark.server
@pytest.mark.parametrize(("old", "new"), [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")])
def test_what_a_backup_holds_comes_back_on_a_new_server(
    server: Callable[[str], House], tmp_path: Path, old: str, new: str
) -> None:
    before, after, folder = server(old), server(new), tmp_path / "backup"
    runtime = begun(before)
    told = before.pkp("backup", str(folder))
    assert told.exit_code == 0, told.output
    kept, timers = everything(runtime.store), rows(before, "timers")
    lost = seated(runtime, "Dinas yang datang kemudian")
    assert lost in names(runtime)

    told = after.pkp("restore", str(folder))
    assert told.exit_code == 0, told.output
    assert f"membership: {len(kept)} facts put back" in told.stdout
    assert f"membership: accepted; 0 positions are lost, {len(timers)} timers wait" in told.stdout
    restored = after.served()
    assert everything(restored.store) == kept
    assert list(names(restored).values()) == ["Kepala Dinas Contoh"]
    lives = restored.store.lineage()
    assert [(life.parent, life.forked_at) for life in lives] == [(None, 0), (lives[0].id, len(kept))]
    for table in ("commands", "reservations", "numbers"):
        assert [row for row in rows(before, table) if row in rows(after, table)] == rows(after, table)
    assert [row[3] for row in rows(after, "accounts", "identity")] == [row[3] for row in rows(before, "accounts", "identity")]
    assert rows(after, "invitations", "identity") == []
    check_registers(restored)
    check_reservations(restored)
    assert after.pkp("verify").stdout == f"membership: {len(kept)} facts, whole\n"
    assert after.pkp("replay", "--check").exit_code == 0
    again = send(restored, COMMANDS["InviteStakeholder"], "invitation", key="an invitation")
    assert again.repeated
    assert after.pkp("restore", "--release-timers").stdout == f"membership: {len(timers)} timers released\n"
    assert rows(after, "timers") == timers
    seated(restored, "Dinas yang baru")  # last: a member that joins starts a timer of its own
    assert after.pkp("restore").stdout == "membership: nothing to accept\n"


@BOTH
def test_a_backup_is_of_one_moment_while_others_write(server: Callable[[str], House], tmp_path: Path, kind: str) -> None:
    house, fresh = server(kind), server("sqlite")
    runtime, ending = begun(house), threading.Event()

    def work() -> None:
        while not ending.is_set():
            seated(runtime, f"Dinas {uuid4()}")

    writers = [threading.Thread(target=work) for _ in range(2)]
    for one in writers:
        one.start()
    try:
        for n in range(3):
            assert house.pkp("backup", str(tmp_path / str(n))).exit_code == 0
    finally:
        ending.set()
        for one in writers:
            one.join()
    assert fresh.pkp("restore", str(tmp_path / "2")).exit_code == 0
    restored = fresh.served()
    log = everything(restored.store)
    assert log == everything(runtime.store)[: len(log)]
    assert {row[0] for row in rows(fresh, "commands")} == {one.command_id for one in log}
    check_registers(restored)
    check_reservations(restored)
    assert None not in names(restored).values(), "a key that a fact needs is missing"


@BOTH
def test_who_was_erased_stays_erased(server: Callable[[str], House], tmp_path: Path, kind: str) -> None:
    house = server(kind)
    runtime = begun(house)
    first, second = (seated(runtime, f"Dinas {n}") for n in range(2))
    erase(runtime, house, first)
    assert house.pkp("backup", str(tmp_path / "older")).exit_code == 0
    erase(runtime, house, second)
    assert house.pkp("backup", str(tmp_path / "newer")).exit_code == 0

    with_newer_keys = server(kind)
    assert with_newer_keys.pkp("restore", str(tmp_path / "older"), "--keys", str(tmp_path / "newer")).exit_code == 0
    with_ledger = server(kind)
    shutil.copytree(house.settings.data_dir / "state", with_ledger.settings.data_dir / "state")
    told = with_ledger.pkp("restore", str(tmp_path / "older"))
    assert "1 erased again" in told.stdout
    for restored in (with_newer_keys.served(), with_ledger.served()):
        assert [names(restored)[one] for one in (first, second)] == [None, None]
        assert sorted(map(str, names(restored).values())) == ["Kepala Dinas Contoh", "None", "None"]
        with pytest.raises(BrokenRule, match="subject-erased"):
            restored.keys.for_writing([second])


def test_keys_that_were_put_back_by_other_means_are_erased_again_before_anything_is_served(
    server: Callable[[str], House], tmp_path: Path
) -> None:
    house = server("sqlite")
    runtime = begun(house)
    (person,) = names(runtime)
    house.close()
    file = house.settings.data_dir / "membership_keys.db"
    shutil.copy(file, tmp_path / "keys.db")
    erase(house.membership, house, person)
    house.close()
    for one in house.settings.data_dir.glob("membership_keys.db*"):
        one.unlink()
    shutil.copy(tmp_path / "keys.db", file)
    assert names(house.membership) == {person: "Kepala Dinas Contoh"}
    assert names(house.served()) == {person: None}


def test_a_ledger_that_was_not_written_whole_is_read_up_to_there(server: Callable[[str], House]) -> None:
    house = server("sqlite")
    runtime, ledger = begun(house), highwater.ledger_of(house.settings, "membership")
    ledger.write_bytes(b"first\nsec")
    assert erasures.recorded(ledger) == {"first"}
    erasures.erase(runtime.keys, ledger, ["third"])
    assert {"first", "third"} <= erasures.recorded(ledger)
    assert runtime.keys.erased() == {"third"}
    assert erasures.apply(runtime.keys, ledger) >= 1
    assert {"first", "third"} <= runtime.keys.erased()


@dataclass
class Damage:
    """What happened to a backup or to its new server, and the words in which it is refused."""

    name: str
    happen: Callable[[Path, House], None]
    words: str
    given: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def changed(name: str, **to: object) -> Callable[[Path, House], None]:
    def happen(folder: Path, house: House) -> None:
        file = folder / name / "manifest.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **to}))

    return happen


def flipped(folder: Path, house: House) -> None:
    file = folder / "data" / "membership" / "events.jsonl.gz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def forged(folder: Path, house: House) -> None:
    """Somebody who can compute a file's hash has changed a fact."""
    from shared.ops.backup.files import sha256

    file = folder / "data" / "membership" / "events.jsonl.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"Dinas Contoh", b"Dinas Palsu!")))
    manifest = folder / "data" / "membership" / "manifest.json"
    told = json.loads(manifest.read_text())
    for one in told["files"]:
        one["sha256"] = sha256(file) if one["table"] == "events" else one["sha256"]
    manifest.write_text(json.dumps(told))


def used(folder: Path, house: House) -> None:
    house.pkp("migrate")
    send(house.served(), EXAMPLES[ProposeMember])


DAMAGES = [
    Damage(
        "no end",
        lambda folder, house: (folder / "data" / "membership" / "manifest.json").unlink(),
        "no backup that came to its end",
    ),
    Damage("a file is gone", lambda folder, house: (folder / "data" / "membership" / "timers.jsonl.gz").unlink(), "is missing"),
    Damage("a flipped bit", flipped, "is damaged"),
    Damage("a changed fact", forged, "is missing or not what was stored"),
    Damage("a cut tail", changed("data/membership", head=3), "not those that the manifest tells of"),
    Damage("another form", changed("data/membership", form=2), "restore with version"),
    Damage("other tables", changed("data/membership", tables="0000"), "restore with version"),
    Damage("another province", changed("data/membership", province="33"), "is of province 33"),
    Damage(
        "another master key",
        lambda folder, house: None,
        "another master key than PKP_MASTER_KEY",
        {"PKP_MASTER_KEY": base64.b64encode(b"x" * 32).decode()},
    ),
    Damage("no keys", lambda folder, house: shutil.rmtree(folder / "keys"), "--keys"),
    Damage("a used server", used, "the database is not empty"),
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup without fault."""
    folder = tmp_path_factory.mktemp("good")
    house = House({"PKP_DATA_DIR": str(folder / "var"), "PKP_SERVICES": "membership", **SECRETS})
    begun(house)
    assert house.pkp("backup", str(folder / "backup")).exit_code == 0
    house.close()
    return folder / "backup"


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_what_cannot_be_put_back_is_refused_in_words(
    server: Callable[[str], House], good: Path, tmp_path: Path, damage: Damage
) -> None:
    house, folder = server("sqlite"), tmp_path / "backup"
    shutil.copytree(good, folder)
    damage.happen(folder, house)
    told = house.pkp("restore", str(folder), **damage.given)
    assert told.exit_code == 1, told.output
    assert damage.words in told.stderr
    if damage.name != "a used server":
        assert not (house.settings.data_dir / "membership.db").exists() or house.membership.store.head() == 0


def test_a_backup_goes_into_an_empty_folder_and_is_its_owners_alone(good: Path, server: Callable[[str], House]) -> None:
    house = server("sqlite")
    told = house.pkp("backup", str(good))
    assert told.exit_code == 1
    assert "is not empty" in told.stderr
    files = [one for one in good.rglob("*") if one.is_file()]
    assert all(one.stat().st_mode & 0o077 == 0 for one in files)
    assert {one.parent.relative_to(good).as_posix() for one in files} == {"data/membership", "data/identity", "keys/membership"}
    content = b"".join(gzip.decompress(one.read_bytes()) for one in files if one.suffix == ".gz")
    assert b"Kepala Dinas Contoh" not in content
    assert base64.b64decode(SECRETS["PKP_MASTER_KEY"]) not in content


def test_an_interrupted_restore_is_not_served_before_it_is_accepted(
    server: Callable[[str], House], good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = server("sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(highwater, "accept", lambda *words: os.abort if words else None)
        with pytest.raises(AttributeError):
            house.pkp("restore", str(good))
    with pytest.raises(UnsafeStore, match="what was seen of it here is gone"):
        house.served()
    assert "membership: accepted; 0 positions are lost" in house.pkp("restore", "--accept").stdout
    check_registers(house.served())


def test_what_siblings_still_hold_is_told_and_its_numbers_stay_used(server: Callable[[str], House], good: Path) -> None:
    house = server("sqlite")
    house.environment["PKP_SERVICES"] = ""
    house.pkp("migrate")
    advocacy = assembly.runtime(assembly.installed()["advocacy"], house.settings)
    life = json.loads((good / "data" / "membership" / "manifest.json").read_text())["incarnation"]
    row = {
        "source": "/provinces/32/membership",
        "incarnation": life,
        "position": 99,
        "id": "an id",
        "type": "id.pkp.membership.member-joined.v1",
        "subject": "32/member/x",
        "body": '{"data": {"number": "MEM/32/2026/0041"}}',
        "state": "applied",
        "applied": 1,
        "kept_at": None,
    }
    with advocacy.store.db.writing() as session:
        session.insert(envelopes, [row])
    advocacy.store.close()
    told = house.pkp("restore", str(good), "--service", "membership", "--skip-numbers", "10")
    assert "lost, but others hold it: 99 id.pkp.membership.member-joined.v1 32/member/x an id MEM/32/2026/0041\n" in told.stdout
    assert ("MEM", 2026, 51) in rows(house, "numbers")


def test_a_backup_of_a_log_that_was_empty_begins_a_new_life_all_the_same(server: Callable[[str], House], tmp_path: Path) -> None:
    house, fresh = server("sqlite"), server("sqlite")
    house.pkp("migrate")
    assert house.pkp("backup", str(tmp_path / "backup")).exit_code == 0
    assert fresh.pkp("restore", str(tmp_path / "backup"), "--keys", str(tmp_path / "backup")).exit_code == 0
    assert len(fresh.served().store.lineage()) == 2
