"""A demo starts afresh when somebody asks for it; nothing that was not born as a demo ever does."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from shared.ops import fresh
from shared.settings import BORN_AS_DEMO, Settings, load
from tests.ops.platform import Platform, until


def date_on_page(platform: Platform) -> str:
    """The date that a demo says is today, as it stands in its field."""
    found = re.search(r'<time id="hari-ini" datetime="([\d-]+)"', platform.get("/mencoba").text)
    assert found
    return found[1]


def settings(folder: Path, **more: str) -> Settings:
    return load({"PKP_DATA_DIR": str(folder), "PKP_DEMO": "1", **more})


def test_only_what_was_born_as_a_demo_can_be_emptied(tmp_path: Path) -> None:
    real = settings(tmp_path / "real")
    (tmp_path / "real").mkdir(exist_ok=True)
    (tmp_path / "real" / "membership.db").write_text("years of work")
    fresh.born(real)  # as when somebody starts it once with --demo
    fresh.wish(real)
    assert not fresh.possible(real)
    assert not fresh.wished(real)
    fresh.empty(real)
    assert (tmp_path / "real" / "membership.db").read_text() == "years of work"


@pytest.mark.parametrize("more", [{"PKP_DEMO": "0"}, {"PKP_DATABASE": "sqlite:////elsewhere/{service}.db"}])
def test_neither_outside_a_demo_nor_with_a_store_elsewhere(tmp_path: Path, more: dict[str, str]) -> None:
    fresh.born(settings(tmp_path))
    assert fresh.possible(settings(tmp_path))
    name = "PKP_DATABASE_URL" if "PKP_DATABASE" in more else "PKP_DEMO"
    assert not fresh.possible(settings(tmp_path, **{name: next(iter(more.values()))}))


def test_emptying_leaves_the_secrets_and_the_birth(tmp_path: Path) -> None:
    demo = settings(tmp_path)
    fresh.born(demo)
    for name in ("membership.db", "state/highwater.json", "identity.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    fresh.wish(demo)
    assert fresh.wished(demo)
    fresh.empty(demo)
    assert {one.name for one in tmp_path.iterdir()} <= fresh.LEAVE
    assert (tmp_path / BORN_AS_DEMO).is_file()
    assert not fresh.wished(demo)
    assert fresh.possible(demo)


@pytest.mark.platform
def test_a_demo_that_is_asked_to_starts_afresh(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    platform = Platform(folder, PKP_WEB_WORKERS="1")
    platform.start("--demo", ready="The demo is loaded")
    try:
        address = f"http://127.0.0.1:{platform.port}"
        here = {"Origin": f"http://localhost:{platform.port}", "Sec-Fetch-Site": "same-origin"}
        moved = httpx.post(f"{address}/mencoba/tanggal", data={"days": "30"}, headers=here, trust_env=False)
        assert moved.status_code == 303
        later = date_on_page(platform)
        foreign = httpx.post(f"{address}/mencoba/atur-ulang", headers={"Sec-Fetch-Site": "cross-site"}, trust_env=False)
        assert foreign.status_code == 403
        assert httpx.post(f"{address}/mencoba/atur-ulang", headers=here, trust_env=False).status_code == 303
        until(lambda: platform.words.count("The demo is loaded") == 2, 60, "a second loading")
        assert date_on_page(platform) < later
        assert platform.get("/").status_code == 200
    finally:
        platform.stop()
    assert platform.left == []
