"""`pkp`: what operators type, and what they read when something is wrong."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shared.execute import Done, Runtime
from shared.identity.roles import DEMO_ACCOUNTS
from shared.ops.cli import COMMANDS, main
from shared.settings import Settings
from tests.ops.platform import Platform

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Runs `pkp` with words, on the test's data folder."""

    def invoke(*words: str, **given: str) -> Result:
        nothing = dict.fromkeys(name for name in os.environ if name.startswith("PKP_"))  # whatever this shell has set
        env = {**nothing, "PKP_DATA_DIR": str(settings.data_dir), "PKP_DEMO": "", **given}
        return CliRunner().invoke(main, words, env=env)

    return invoke


def error(result: Result) -> str:
    """The one line of an error; there is no traceback behind it."""
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.stderr.startswith("Error: ")
    return result.stderr.removeprefix("Error: ").rstrip()


def test_every_command_explains_itself(run: Run) -> None:
    assert set(re.findall(r"^  ([a-z]+)  ", run("--help").stdout.split("Commands:")[1], re.MULTILINE)) == set(COMMANDS)
    for name in COMMANDS:
        assert run(name, "--help").exit_code == 0


def test_all_bad_settings_are_told_at_once(run: Run) -> None:
    told = run("config", "check", PKP_PORT="http", PKP_DEMO="perhaps", PKP_MASTER_KEY="hunter2", PKP_TYPO="1")
    assert told.exit_code == 78
    assert [line.strip().partition(":")[0] for line in told.stderr.splitlines()[2:]] == ["PKP_PORT", "PKP_MASTER_KEY", "PKP_DEMO"]
    assert told.stderr.splitlines()[0] == "note: PKP_TYPO means nothing here"
    assert "hunter2" not in told.output
    assert run("config", "check").stdout == "the settings can be used\n"


def test_settings_are_shown_without_secrets(run: Run) -> None:
    shown = {row["variable"]: row["value"] for row in json.loads(run("config", "show", "--json").stdout)}
    assert (shown["PKP_SECRET_KEY"], shown["PKP_MASTER_KEY"], shown["PKP_PORT"]) == ("***", "***", "8000")


def test_settings_that_are_hardly_meant_are_told_and_stop_nothing(run: Run) -> None:
    known = {"PKP_BUS_USER": "pkp", "PKP_BUS_PASSWORD": "hunter2", "PKP_BUS_SECURITY": "sasl_plaintext"}
    readable = run("config", "check", PKP_BUS_URL="kafka://broker:9092", PKP_BUS_MECHANISM="PLAIN", **known)
    assert (readable.exit_code, readable.stdout) == (0, "the settings can be used\n")
    assert readable.stderr.startswith("note: PKP_BUS_MECHANISM=PLAIN sends the password readable over the network")
    assert run("config", "check", PKP_BUS_URL="kafka://broker:9092", **known).stderr == ""
    assert "means nothing with PKP_BUS_URL=feed:" in run("config", "check", **known).stderr
    assert "hunter2" not in run("config", "show", PKP_BUS_URL="kafka://broker:9092", **known).output


def test_who_may_do_what_at_the_broker_is_shown_without_one(run: Run) -> None:
    told = run("topics", "--show", "--json", "membership", "forum", "--reader", "dinas")
    rows = {tuple(row.values()) for row in json.loads(told.stdout)}
    own = {
        (one, right, what, f"32.{one}.*")
        for one in ("membership", "forum")
        for right, what in (("CREATE", "topic"), ("READ", "topic"), ("WRITE", "topic"), ("READ", "group"))
    }
    siblings = {
        ("membership", "READ", "topic", "32.forum.interagency.v1"),
        ("forum", "READ", "topic", "32.membership.interagency.v1"),
    }
    reader = {("dinas", "READ", "topic", f"32.{one}.public.v1") for one in ("membership", "forum")}
    assert rows == own | siblings | reader | {("dinas", "READ", "group", "dinas.*")}
    assert "there is no broker" in error(run("topics"))


def test_the_same_mistakes_stop_every_command(run: Run) -> None:
    for words in (("migrate",), ("worker",), ("up",), ("account", "list"), ("verify",)):
        result = run(*words, PKP_PORT="http")
        assert result.exit_code == 78
        assert "PKP_PORT: not a port" in error(result)


def test_accounts_are_added_and_disabled(run: Run) -> None:
    assert run("account", "add", "notulis", "--role", "secretariat").exit_code == 0
    assert "an account notulis already" in error(run("account", "add", "notulis", "--role", "chair"))
    assert "a name is" in error(run("account", "add", "Siti!", "--role", "chair"))
    first, second = run("account", "token", "notulis").stdout, run("account", "token", "notulis").stdout
    assert re.fullmatch(r"pkp_[\w-]{43}\n", first)
    assert first != second
    assert run("account", "role", "notulis", "member").exit_code == 0
    assert run("account", "disable", "notulis").exit_code == 0
    found = json.loads(run("account", "list", "--json").stdout)
    assert [(one["name"], one["role"], one["disabled"]) for one in found] == [("notulis", "member", True)]
    assert "no account notulis, or it is disabled" in error(run("account", "token", "notulis"))
    assert "no account nobody" in error(run("account", "token", "nobody"))


def test_accounts_are_linked_to_an_identity_provider(run: Run) -> None:
    assert "no identity provider is set up" in error(run("account", "links"))
    provider = {"PKP_OIDC_ISSUER": "https://sso.example/realms/pkp", "PKP_OIDC_CLIENT_SECRET": "s" * 20}
    for name in ("satu", "dua"):
        run("account", "add", name, "--role", "member")
    assert run("account", "link", "satu", "4b1f", **provider).exit_code == 0
    assert run("account", "link", "satu", "4b1f", **provider).exit_code == 0
    assert "another account already" in error(run("account", "link", "dua", "4b1f", **provider))
    assert run("account", "link", "dua", "4b1f", "--program", **provider).exit_code == 0, "clients have names of their own"
    assert "no account nobody" in error(run("account", "link", "nobody", "1", **provider))
    assert json.loads(run("account", "links", "--json", **provider).stdout) == [
        {"account": "dua", "kind": "program", "subject": "4b1f"},
        {"account": "satu", "kind": "person", "subject": "4b1f"},
    ]
    elsewhere = {**provider, "PKP_OIDC_ISSUER": "https://other.example"}
    assert json.loads(run("account", "links", "--json", **elsewhere).stdout) == []
    run("account", "disable", "satu")
    assert "satu had 1 links" in run("account", "unlink", "satu", **provider).stdout
    assert [one["account"] for one in json.loads(run("account", "links", "--json", **provider).stdout)] == ["dua"]


def test_settings_of_an_identity_provider_are_checked_together(run: Run) -> None:
    def bad(result: Result) -> str:
        assert result.exit_code == 78
        return result.stderr

    given = {"PKP_OIDC_ISSUER": "https://sso.example", "PKP_OIDC_CLIENT_SECRET": "s" * 20}
    assert run("config", "check", **given).exit_code == 0
    assert "PKP_OIDC_CLIENT_SECRET: needed" in bad(run("config", "check", PKP_OIDC_ISSUER="https://sso.example"))
    assert "https://" in bad(run("config", "check", **{**given, "PKP_OIDC_ISSUER": "http://sso.example"}))
    assert "PKP_OIDC_AUDIENCE" in bad(run("config", "check", **given, PKP_OIDC_AUDIENCE="pkp-web"))
    assert "openid" in bad(run("config", "check", **given, PKP_OIDC_SCOPES="profile"))
    assert "ssss" not in run("config", "show", **given).stdout


def test_demo_accounts_exist_in_demo_mode_only(run: Run) -> None:
    assert json.loads(run("account", "list", "--json").stdout) == []
    listed = json.loads(run("account", "list", "--json", PKP_DEMO="1").stdout)
    assert {one["name"] for one in listed} == set(DEMO_ACCOUNTS)
    assert "demo mode only" in error(run("demo"))
    assert "does not answer" in error(run("demo", PKP_DEMO="1", PKP_PORT="1"))


def test_a_database_that_was_never_made_is_told(run: Run) -> None:
    for words in (("replay", "--check"), ("verify",), ("letters", "list"), ("rebuild",)):
        assert "no such table" in error(run(*words))
    assert "never migrated" in error(run("worker"))
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0


def test_a_service_that_is_not_there_is_told(run: Run) -> None:
    assert error(run("verify", "--service", "nosuch")).startswith("there is no service nosuch here; there are advocacy, forum")
    assert "no service nosuch" in error(run("worker", "--service", "nosuch"))
    assert "no service nosuch" in error(run("up", PKP_SERVICES="nosuch"))


def test_a_changed_register_is_found_and_rebuilt(
    run: Run, membership: Runtime, do: Callable[..., Done], settings: Settings
) -> None:
    do("ProposeMember")
    assert run("replay", "--check", "--service", "membership").exit_code == 0
    with membership.store.db.writing() as session:
        session.run("UPDATE reg_directory SET name = 'Dinas Lain'")
    told = run("replay", "--check", "--service", "membership", "--json")
    assert error(told) == "not what their facts fold into: membership.directory"
    unequal = [one["register"] for one in json.loads(told.stdout) if not one["equal"]]
    assert unequal == ["directory"]
    assert run("rebuild", "--service", "membership", "--register", "directory").stdout == "1 registers rebuilt\n"
    assert run("replay", "--check", "--service", "membership").exit_code == 0
    assert "no such register" in error(run("rebuild", "--service", "membership", "--register", "nosuch"))
    assert "say --check" in run("replay").stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE events SET data = replace(data, 'Perencanaan', 'Pembangunan') WHERE position = 1", "position 1: the content"),
        ("DELETE FROM events WHERE position = 2", "position 2: missing; the next one is 3"),
        ("UPDATE events SET version = 5 WHERE position = 2", "position 2: the content"),
        ("UPDATE events SET incarnation = 'none' WHERE position = 3", "position 3: its life none began later, or never"),
    ],
)
def test_a_changed_log_is_found_at_its_first_break(
    run: Run, membership: Runtime, do: Callable[..., Done], settings: Settings, change: str, told: str
) -> None:
    first = do("ProposeMember")
    do("VerifyMember", id=first.id)
    do("RejectMember", id=first.id)
    assert run("verify", "--service", "membership").stdout == "membership: 3 facts, whole\n"
    membership.store.close()
    _tamper(settings.data_dir / "membership.db", change)
    found = run("verify", "--service", "membership")
    assert found.stdout.startswith(f"membership: {told}")
    assert error(found) == "broken: membership"


def _tamper(file: Path, change: str) -> None:
    """What the triggers forbid, done by somebody who has the file."""
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    connection.close()


def test_letters_that_are_not_there_are_told(run: Run) -> None:
    assert run("migrate").exit_code == 0
    assert json.loads(run("letters", "list", "--json").stdout) == []
    for word in ("show", "retry", "drop"):
        assert error(run("letters", word, "0000")) == "there is no letter 0000"


def test_letters_are_read_and_closed(run: Run, membership: Runtime) -> None:
    from shared.delivery.postbox import alarm

    assert run("migrate").exit_code == 0
    alarm(membership.store, "/provinces/32/forum", "chain 7", "the fact before it is another one")
    (one,) = json.loads(run("letters", "list", "--json").stdout)
    assert (one["service"], one["kind"], one["reason"]) == ("membership", "alarm", "the fact before it is another one")
    assert json.loads(run("letters", "show", one["id"]).stdout)["waiting"] == []
    assert run("letters", "retry", one["id"]).stdout == f"{one['id']}: seen\n"
    assert json.loads(run("letters", "list", "--json").stdout) == []
    assert len(json.loads(run("letters", "list", "--json", "--all").stdout)) == 1


def test_nothing_is_published_where_facts_go_by_feed(run: Run) -> None:
    assert "facts go by feed" in error(run("republish", "--service", "forum"))


def test_restore_says_when_there_is_nothing_to_accept(run: Run, membership: Runtime) -> None:
    assert run("restore", "--service", "membership").stdout == "membership: nothing to accept\n"
    assert run("restore", "--accept", "--service", "membership").stdout == "membership: nothing to accept\n"
    assert len(membership.store.lineage()) == 1


@pytest.mark.platform
def test_the_installed_command_speaks_in_one_line(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "var", PKP_PROVINCE="99")
    told: subprocess.CompletedProcess[str] = platform.pkp("up")
    assert told.returncode == 78
    assert told.stdout == ""
    assert told.stderr == (
        "Error: the settings cannot be used:\n  PKP_PROVINCE: not the two-digit Kemendagri code of a province\n"
    )
    token = Platform(tmp_path / "var", PKP_DEMO="1").pkp("account", "token", "mediator")
    assert re.fullmatch(r"pkp_[\w-]{43}\n", token.stdout)
    assert token.stderr == ""
