"""The whole platform with a real Keycloak in front of it; run by `make test-sso` alone, by the names of its files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import browser  # noqa: F401
from tests.ops.platform import Platform
from tests.realparts.keycloak import WEB_SECRET, Keycloak, start_keycloak

PASSWORD = "empat perahu di muara"


@pytest.fixture(scope="session")
def keycloak() -> Iterator[Keycloak]:
    """A Keycloak with the realm that is shipped."""
    made = start_keycloak()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def platform(keycloak: Keycloak, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that trusts it; roles stay in its own accounts."""
    made = Platform(
        tmp_path_factory.mktemp("platform") / "data",
        PKP_WEB_WORKERS="1",
        PKP_SERVICES="membership",
        PKP_OIDC_ISSUER=keycloak.issuer,
        PKP_OIDC_CLIENT_SECRET=WEB_SECRET,
    )
    made.folder.mkdir()
    keycloak.expect(f"http://localhost:{made.port}")
    made.start()
    yield made
    made.stop()
