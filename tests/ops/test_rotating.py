"""Secrets are changed while the platform works: the old and the new are accepted side by side, and nothing is done twice."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest

from services.membership.domain.member import ProposeMember
from services.membership.examples import EXAMPLES
from shared import assembly
from shared.errors import KeyReused, UnsafeStore
from shared.identity.accounts import by_machine_token, machine_token
from shared.identity.sessions import fits, form_token
from shared.identity.sign_in import SignIn
from shared.settings import BadSettings, load
from tests.ops.test_backup import BOTH, House, begun, erase, names, seated, send, server

__all__ = ["server"]
OLD, NEW = base64.b64encode(b"o" * 32).decode(), base64.b64encode(b"n" * 32).decode()
OLDER, NEWER = "old-secret-" * 4, "new-secret-" * 4


def given(house: House, **changed: str) -> House:
    """The same server with other settings."""
    return House({**house.environment, **changed})


def test_a_secret_may_have_several_lines_of_which_the_first_is_used(tmp_path: Path) -> None:
    file = tmp_path / "master_key"
    file.write_text(f"{NEW}\n\n{OLD}\n{NEW}\n")
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_MASTER_KEY_FILE": str(file), "PKP_SECRET_KEY": f"{NEWER}\n{OLDER}"})
    assert settings.master_keys == (b"n" * 32, b"o" * 32)
    assert settings.secret_keys == (NEWER.strip(), OLDER.strip())
    assert (settings.master_key, settings.secret_key) == (b"n" * 32, NEWER.strip())
    with pytest.raises(BadSettings, match="PKP_MASTER_KEY: must be 32 bytes in base64"):
        load({"PKP_DATA_DIR": str(tmp_path), "PKP_MASTER_KEY": f"{NEW}\nhunter2"})


@BOTH
def test_the_master_key_is_changed_while_others_write(server: Callable[[str], House], kind: str) -> None:
    house = server(kind)
    house.environment["PKP_MASTER_KEY"] = OLD
    first = begun(house)
    (erased,) = names(first)
    for n in range(3):
        seated(first, f"Dinas {n}")
    accepting = given(house, PKP_MASTER_KEY=f"{OLD}\n{NEW}")
    turned = given(house, PKP_MASTER_KEY=f"{NEW}\n{OLD}")
    alone = given(house, PKP_MASTER_KEY=NEW)
    try:
        with pytest.raises(UnsafeStore, match="another master key"):
            alone.served()
        writer = threading.Thread(target=lambda: [seated(accepting.served(), f"Dinas baru {n}") for n in range(3)])
        writer.start()
        assert turned.pkp("keys", "rotate").exit_code == 0
        writer.join()
        erase(turned.served(), house, erased)
        seated(turned.served(), "Dinas terakhir")
        assert turned.pkp("keys", "rotate").exit_code == 0
        assert turned.pkp("keys", "rotate").stdout.startswith("membership: 0 keys wrapped anew\n")
        told = {row["stands"]: row["keys"] for row in json.loads(turned.pkp("keys", "list", "--json").stdout)}
        assert told == {"used": 7, "accepted": 0}
        found = names(alone.served())
        assert found.pop(erased) is None
        assert len(found) == 7
        assert None not in found.values()
        assert json.loads(house.pkp("keys", "list", "--json").stdout)[-1]["stands"] in {"MISSING", "used"}
        with pytest.raises(UnsafeStore, match="another master key"):
            house.served()
    finally:
        for one in (accepting, turned, alone):
            one.close()


def test_an_interrupted_rotation_goes_on_where_it_was(server: Callable[[str], House]) -> None:
    house = server("sqlite")
    house.environment["PKP_MASTER_KEY"] = OLD
    runtime = begun(house)
    seated(runtime, "Dinas kedua")
    turned = given(house, PKP_MASTER_KEY=f"{NEW}\n{OLD}")
    try:
        keys = turned.membership.keys
        assert keys.rewrap(most=1) == 1
        assert sorted(keys.by_master().values()) == [1, 1]
        assert None not in names(turned.served()).values()
        assert (keys.rewrap(), keys.rewrap()) == (1, 0)
    finally:
        turned.close()


@BOTH
def test_a_command_that_was_accepted_under_the_old_secret_is_done_once(server: Callable[[str], House], kind: str) -> None:
    house = server(kind)
    assert house.pkp("migrate").exit_code == 0
    old = given(house, PKP_SECRET_KEY=OLDER)
    accepting, turned = given(house, PKP_SECRET_KEY=f"{OLDER}\n{NEWER}"), given(house, PKP_SECRET_KEY=f"{NEWER}\n{OLDER}")
    wish = EXAMPLES[ProposeMember]
    try:
        first = send(old.served(), wish, key="sent before")
        again = send(turned.served(), wish, key="sent before")
        assert (again.id, again.repeated) == (first.id, True)
        with pytest.raises(KeyReused):
            send(turned.membership, replace(wish, name="Lain"), key="sent before")
        runtimes = [accepting.served(), turned.served()]
        head = runtimes[0].store.head()
        with ThreadPoolExecutor(2) as pool:  # a rolling restart: both kinds of processes take the same command at once
            for n in range(20):
                key, one = uuid4().hex, replace(wish, name=f"Dinas {n}")
                done = list(pool.map(lambda runtime, one=one, key=key: send(runtime, one, key=key), runtimes))
                assert len({made.id for made in done}) == 1
        assert runtimes[0].store.head() == head + 20
    finally:
        for each in (old, accepting, turned):
            each.close()


def test_tokens_of_siblings_and_forms_are_taken_under_both_secrets() -> None:
    token, form = machine_token(OLDER, "forum"), form_token(OLDER, "a session")
    for secrets in ([OLDER], [OLDER, NEWER], [NEWER, OLDER]):
        assert by_machine_token(secrets, token)
        assert fits(secrets, "a session", form)
    assert by_machine_token([NEWER], token) is None
    assert not fits([NEWER], "a session", form)


@pytest.fixture
def house(server: Callable[[str], House]) -> House:
    made = server("sqlite")
    assert made.pkp("migrate", PKP_SECRET_KEY=OLDER).exit_code == 0
    return made


def test_authenticator_apps_survive_the_old_secret_and_recovery_codes_last_as_long_as_it(house: House) -> None:
    accounts = assembly.accounts(house.settings)
    budi = accounts.add("budi", "member")

    def way_in(*secrets: str) -> SignIn:
        return SignIn(accounts.database, accounts, secrets)

    secret = way_in(OLDER).credentials.begin_app(budi)
    recovery = way_in(OLDER).credentials.confirm_app(budi, pyotp.TOTP(secret).now())
    assert recovery
    both = way_in(NEWER, OLDER).credentials
    assert both.take_code(budi, recovery[0]) == "recovery"
    told = house.pkp("keys", "rotate", PKP_SECRET_KEY=f"{NEWER}\n{OLDER}")
    assert "identity: 1 authenticator apps sealed anew" in told.stdout
    assert both.reseal() == 0
    with accounts.database.writing() as session:
        session.run("UPDATE credentials SET code_step = 0")  # as if half a minute had passed
    new = way_in(NEWER).credentials
    assert new.take_code(budi, pyotp.TOTP(secret).now()) == "code"
    assert new.take_code(budi, recovery[1]) is None
    assert both.take_code(budi, recovery[1]) == "recovery"
    accounts.close()


def test_a_programs_token_is_followed_by_another(house: House) -> None:
    assert house.pkp("account", "add", "walidata", "--role", "member").exit_code == 0
    first, second = (house.pkp("account", "token", "walidata").stdout.strip() for _ in range(2))
    accounts = assembly.accounts(house.settings)
    assert accounts.by_token(first)
    assert len(house.pkp("account", "tokens", "walidata").stdout.splitlines()) == 2
    assert len(house.pkp("account", "tokens", "walidata", "--end-older").stdout.splitlines()) == 1
    assert accounts.by_token(first) is None
    assert accounts.by_token(second)
    accounts.close()
