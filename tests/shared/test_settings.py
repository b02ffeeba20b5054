"""Settings: every variable read once, all mistakes told together, secrets never shown."""

from __future__ import annotations

import base64
import multiprocessing
import stat
from pathlib import Path

import pytest

from shared.bus.broker import broker
from shared.provinces import provinces
from shared.settings import BadSettings, Settings, load, shown, unknown
from tests.realparts.secured import Authority

KEY = base64.b64encode(bytes(range(32))).decode()
SERVER = {
    "PKP_DATABASE_URL": "postgresql+psycopg://pkp:s3cret@db/pkp_{service}",
    "PKP_SECRET_KEY": "k" * 32,
    "PKP_MASTER_KEY": KEY,
}


def problems(given: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as told:
        load(given)
    return "\n".join(told.value.problems)


def test_a_fresh_machine_needs_no_variable(tmp_path: Path) -> None:
    settings = load({"PKP_DATA_DIR": str(tmp_path)})
    assert settings.province_name == "Jawa Barat"
    assert settings.timezone == "Asia/Jakarta"
    assert settings.database_url("forum") == f"sqlite:///{tmp_path}/forum.db"
    assert settings.bus_url == "feed:"
    assert settings.public_url == "http://localhost:8000"
    assert settings.embedded
    assert not settings.demo
    assert len(settings.master_key) == 32


def test_one_port_moves_everything(tmp_path: Path) -> None:
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_PORT": "9100"})
    assert (settings.internal_port, settings.management_port) == (9101, 9102)
    assert settings.public_url == "http://localhost:9100"
    assert settings.feed_url("forum") == "http://127.0.0.1:9101/forum/feed"


def test_all_mistakes_are_told_together_and_no_value_is_repeated(tmp_path: Path) -> None:
    told = problems(
        {
            "PKP_DATA_DIR": str(tmp_path),
            "PKP_PROVINCE": "99",
            "PKP_PORT": "http",
            "PKP_DEMO": "perhaps",
            "PKP_BUS_URL": "amqp://guest:hunter2@mq",
            "PKP_SECRET_KEY": "hunter2",
            "PKP_MASTER_KEY": "aHVudGVyMg==",
            "PKP_PUBLIC_URL": "https://hunter2/pkp",
            "PKP_DATABASE_URL": "sqlite:///hunter2.db",
        }
    )
    names = {line.split(":")[0] for line in told.splitlines()}
    assert names == {
        "PKP_PROVINCE",
        "PKP_PORT",
        "PKP_DEMO",
        "PKP_BUS_URL",
        "PKP_SECRET_KEY",
        "PKP_MASTER_KEY",
        "PKP_PUBLIC_URL",
        "PKP_DATABASE_URL",
    }
    assert "hunter2" not in told
    assert "aHVudGVyMg" not in told


@pytest.mark.parametrize("code", sorted(provinces()))
def test_the_zone_follows_the_province(code: str, tmp_path: Path) -> None:
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_PROVINCE": code})
    assert settings.timezone == provinces()[code].tz
    assert settings.zone.key == settings.timezone


def test_there_are_38_provinces() -> None:
    assert len(provinces()) == 38
    assert {one.tz for one in provinces().values()} == {
        "Asia/Jakarta",
        "Asia/Pontianak",
        "Asia/Makassar",
        "Asia/Jayapura",
    }


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql+psycopg://pkp:f1le@db/pkp_{service}\n")
    (tmp_path / "key").write_text("x" * 40 + "\n")
    given = {**SERVER, "PKP_DATABASE_URL_FILE": str(tmp_path / "url"), "PKP_SECRET_KEY_FILE": str(tmp_path / "key")}
    settings = load(given)
    assert settings.database_url("forum") == "postgresql+psycopg://pkp:f1le@db/pkp_forum"
    assert settings.secret_key == "x" * 40


def test_a_secret_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "PKP_SECRET_KEY_FILE" in problems({**SERVER, "PKP_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_servers_need_their_secrets_given() -> None:
    told = problems({"PKP_DATABASE_URL": SERVER["PKP_DATABASE_URL"]})
    assert "PKP_SECRET_KEY" in told
    assert "PKP_MASTER_KEY" in told


def test_nothing_secret_is_shown() -> None:
    settings = load(SERVER)
    for text in (repr(settings), str(shown(settings))):
        assert "s3cret" not in text
        assert "kkk" not in text
        assert KEY not in text
        assert "\\x00" not in text
    assert dict(shown(settings))["PKP_DATABASE_URL"] == "postgresql+psycopg://***@db/pkp_{service}"


def test_empty_variables_count_as_unset(tmp_path: Path) -> None:
    assert load({"PKP_DATA_DIR": str(tmp_path), "PKP_PROVINCE": "", "PKP_BUS_URL": ""}).province == "32"


def test_misspelled_variables_can_be_found() -> None:
    assert unknown({"PKP_PROVINSI": "32", "PKP_PORT": "1", "HOME": "/"}) == ["PKP_PROVINSI"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"SECURITY": "tls"}, "PKP_BUS_SECURITY: must be plaintext, ssl"),
        (
            {"SECURITY": "sasl_ssl", "USER": "a", "PASSWORD": "b", "MECHANISM": "GSSAPI"},
            "PKP_BUS_MECHANISM: must be SCRAM-SHA-512",
        ),
        ({"SECURITY": "sasl_ssl", "PASSWORD": "hunter2"}, "PKP_BUS_USER: needed with PKP_BUS_SECURITY=sasl_ssl"),
        ({"SECURITY": "sasl_plaintext", "USER": "a"}, "PKP_BUS_PASSWORD: needed with PKP_BUS_SECURITY=sasl_plaintext"),
        ({"PASSWORD": "hunter2"}, "PKP_BUS_PASSWORD: never sent with PKP_BUS_SECURITY=plaintext"),
        ({"CA_FILE": "ca.pem"}, "PKP_BUS_CA_FILE: means nothing with PKP_BUS_SECURITY=plaintext"),
        ({"SECURITY": "ssl", "CA_FILE": "nowhere"}, "PKP_BUS_CA_FILE: the file cannot be read (No such file or directory)"),
        ({"SECURITY": "ssl", "CA_FILE": "other"}, "PKP_BUS_CA_FILE: holds no certificate in PEM form"),
        ({"SECURITY": "ssl", "CERTIFICATE_FILE": "ours.crt"}, "PKP_BUS_KEY_FILE: needed beside PKP_BUS_CERTIFICATE_FILE"),
        ({"SECURITY": "ssl", "KEY_FILE": "ours.key"}, "PKP_BUS_CERTIFICATE_FILE: needed beside PKP_BUS_KEY_FILE"),
        ({"SECURITY": "ssl", "CERTIFICATE_FILE": "ours.crt", "KEY_FILE": "nowhere"}, "PKP_BUS_KEY_FILE: the file cannot be read"),
        ({"SECURITY": "ssl", "CERTIFICATE_FILE": "ours.crt", "KEY_FILE": "theirs.key"}, "PKP_BUS_KEY_FILE: not the key"),
        ({"SECURITY": "ssl", "CERTIFICATE_FILE": "other", "KEY_FILE": "ours.key"}, "PKP_BUS_KEY_FILE: not the key"),
    ],
)
def test_what_does_not_go_together_for_kafka_is_told(given: dict[str, str], told: str, tmp_path: Path) -> None:
    Authority(tmp_path, "ca").issue("ours")
    Authority(tmp_path, "ca").issue("theirs")
    (tmp_path / "other").write_text("hunter2")
    files = {name: str(tmp_path / text) if name.endswith("FILE") else text for name, text in given.items()}
    said = problems({"PKP_DATA_DIR": str(tmp_path), **{f"PKP_BUS_{name}": text for name, text in files.items()}})
    assert said.startswith(told), said
    assert len(said.splitlines()) == 1
    assert "hunter2" not in said


def test_each_service_has_a_name_of_its_own_at_the_broker(tmp_path: Path) -> None:
    ca = Authority(tmp_path, "ca")
    certificate, key = ca.issue("ours")
    (tmp_path / "password").write_text("f1le\n")
    settings = load(
        {
            "PKP_DATA_DIR": str(tmp_path),
            "PKP_BUS_URL": "kafka://one:9092,two:9092",
            "PKP_BUS_SECURITY": "SASL_SSL",
            "PKP_BUS_USER": "32-{service}",
            "PKP_BUS_PASSWORD_FILE": str(tmp_path / "password"),
            "PKP_BUS_CA_FILE": str(ca.file),
            "PKP_BUS_CERTIFICATE_FILE": str(certificate),
            "PKP_BUS_KEY_FILE": str(key),
        }
    )
    found = broker(settings, "forum")
    assert (found.addresses, found.group) == ("one:9092,two:9092", "32.forum.worker")
    assert found.options == {
        "security.protocol": "sasl_ssl",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "32-forum",
        "sasl.password": "f1le",
        "ssl.ca.location": str(ca.file),
        "ssl.certificate.location": str(certificate),
        "ssl.key.location": str(key),
        "ssl.endpoint.identification.algorithm": "https",
    }
    assert "f1le" not in repr(found) + repr(settings)
    assert broker(load({"PKP_DATA_DIR": str(tmp_path)}), "forum").options == {"security.protocol": "plaintext"}


def test_siblings_may_live_elsewhere(tmp_path: Path) -> None:
    urls = "http://{service}-worker:8001,forum=https://forum.example.test/"
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_FEED_URLS": urls})
    assert settings.feed_url("advocacy") == "http://advocacy-worker:8001/advocacy/feed"
    assert settings.feed_url("forum") == "https://forum.example.test/forum/feed"


# --- secrets made once --------------------------------------------------------------------------------------------


def test_secrets_are_made_once_for_the_owner_only(tmp_path: Path) -> None:
    first, second = load({"PKP_DATA_DIR": str(tmp_path)}), load({"PKP_DATA_DIR": str(tmp_path)})
    assert (first.secret_key, first.master_key) == (second.secret_key, second.master_key)
    files = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in files] == ["master_key", "secret_key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def _secret_of(folder: str) -> bytes:
    return load({"PKP_DATA_DIR": folder}).master_key


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_secret_of, [str(tmp_path)] * 16, chunksize=1))) == 1


def test_a_lost_master_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    """A new key would make every personal field unreadable."""
    load({"PKP_DATA_DIR": str(tmp_path)})
    (tmp_path / "mediation.db").touch()
    (tmp_path / "secrets" / "master_key").unlink()
    assert "put it back" in problems({"PKP_DATA_DIR": str(tmp_path)})


def test_a_damaged_master_key_is_told_without_its_content(tmp_path: Path) -> None:
    load({"PKP_DATA_DIR": str(tmp_path)})
    (tmp_path / "secrets" / "master_key").write_text("hunter2")
    told = problems({"PKP_DATA_DIR": str(tmp_path)})
    assert "damaged" in told
    assert "hunter2" not in told


def test_settings_are_values() -> None:
    with pytest.raises(AttributeError):
        load(SERVER).province = "33"  # type: ignore[misc]
    assert isinstance(load(SERVER), Settings)
