"""Tokens that programs show at the API: one kind is accepted, and every known trick is refused."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from shared.app import origin
from shared.assembly import accounts, services
from shared.identity import provider as provider_module
from shared.identity import signed
from shared.identity.links import PERSON, PROGRAM, Links
from shared.identity.provider import Away, Provider, Trust, provider_of
from shared.settings import load
from tests.identity.conftest import House, migrated
from tests.identity.issuer import CLIENT, SECRET, Issuer
from tests.identity.issuer import signed as by_hand

LISTING, GROUPS = "/membership/api/v1/members", "/membership/api/v1/working-groups"
RSA, EC, OTHER = RSAKey.generate_key(2048), ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
NOW = int(time.time())


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer(RSA)
    made.keys["curve"] = EC
    yield made
    made.stop()


@pytest.fixture(scope="module")
def house(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One origin for all tokens: none of them changes anything."""
    folder = tmp_path_factory.mktemp("tokens")
    settings = load({"PKP_DATA_DIR": str(folder), "PKP_SERVICES": "membership", **issuer.settings})
    found = accounts(settings)
    found.migrate()
    for service in services(settings).values():
        migrated(service, settings)
    links = Links(found, issuer.url)
    links.add(found.add("dinas", "secretariat"), PROGRAM, "agency")
    links.add(found.add("budi", "secretariat"), PERSON, "person-1")
    made = House(settings, origin(settings), found, None)  # type: ignore[arg-type]
    yield made
    made.close()


def command(house: House, token: str) -> Any:
    """A command with an empty body at the API: 422 once it is let in."""
    given = {"Idempotency-Key": str(uuid.uuid4()), "Authorization": f"Bearer {token}"}
    return house.browser().client.post(GROUPS, json={}, headers=given)


def test_a_program_works_as_the_account_of_its_client(house: House, issuer: Issuer) -> None:
    now = int(time.time())
    plain = {"iss": issuer.url, "aud": "pkp-api", "iat": now, "exp": now + 60}
    for token in (
        issuer.sign(issuer.access()),
        issuer.sign(issuer.access(), "curve", "ES256", EC),
        issuer.sign(issuer.access(), alg="PS256"),
        issuer.sign({**issuer.access(), "aud": ["account", "pkp-api"]}),
        issuer.sign({**plain, "sub": "agency", "client_id": "agency"}, typ="at+jwt"),  # RFC 9068
    ):
        assert command(house, token).status_code == 422
        assert house.browser().client.get(LISTING, headers={"Authorization": f"Bearer {token}"}).status_code == 200


# --- what is not accepted ---------------------------------------------------------------------------------------------

Forged = Callable[[Issuer], str]


def with_claims(**claims: Any) -> Forged:
    """A token with other claims (None leaves one out), signed by the provider itself."""

    def make(issuer: Issuer) -> str:
        told = {**issuer.access(), **claims}
        return issuer.sign({name: value for name, value in told.items() if value is not None})

    return make


def with_header(key: Any = None, **header: Any) -> Forged:
    """A token with another header, signed with `key`."""
    return lambda issuer: issuer.sign(issuer.access(), key=RSA if key is None else key, **header)


def tampered(issuer: Issuer) -> str:
    head, _, signature = issuer.sign(issuer.access("other")).split(".")
    return f"{head}.{issuer.sign(issuer.access()).split('.')[1]}.{signature}"


def flipped(issuer: Issuer) -> str:
    token = issuer.sign(issuer.access())
    return token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]


def twice(issuer: Issuer) -> str:
    claims = json.dumps(issuer.access())
    return issuer.sign(claims[:-1] + ', "azp": "agency"}')


def header_twice(issuer: Issuer) -> str:
    return by_hand('{"alg": "none", "alg": "RS256", "typ": "JWT", "kid": "one"}', json.dumps(issuer.access()), RSA)


def of_a_person(issuer: Issuer) -> str:
    """A person's access token that a linked client was given."""
    now = int(time.time())
    return issuer.sign({**issuer.access(), "sub": "person-1", "sid": str(uuid.uuid4()), "auth_time": now})


def id_token(issuer: Issuer) -> str:
    return issuer.sign({**issuer.id(), "nonce": "n"})


def encrypted_form(issuer: Issuer) -> str:
    return issuer.sign(issuer.access()) + ".AAAA.BBBB"


def raw(claims: str) -> Forged:
    return lambda issuer: issuer.sign(claims)


ATTACKS: dict[str, Forged] = {
    # whose signature
    "alg none": with_header(alg="none"),
    "alg None": with_header(alg="nOnE"),
    "alg none with a signature": lambda issuer: issuer.sign(issuer.access(), alg="none") + "AAAA",
    "no alg": with_header(alg=None),
    "alg is a list": with_header(alg=["RS256"]),
    "HS256 with the public key": with_header(alg="HS256", key=RSA.as_pem(private=False)),
    "HS256 with the public key, as JWK": with_header(alg="HS256", key=json.dumps(RSA.as_dict(private=False)).encode()),
    "HS256 with the client's secret": with_header(alg="HS256", key=SECRET.encode()),
    "HS256 with an empty file's key (kid path)": with_header(alg="HS256", key=b"", kid="../../../../dev/null"),
    "a key of somebody else": with_header(key=OTHER),
    "a key of another kind": with_header(kid="curve"),
    "the signature taken off": lambda issuer: issuer.sign(issuer.access()).rpartition(".")[0] + ".",
    "claims exchanged": tampered,
    "a bit flipped": flipped,
    # whose key
    "no kid": with_header(kid=None),
    "an unknown kid": with_header(kid="unknown", key=OTHER),
    "kid is a number": with_header(kid=1),
    "kid is a path": with_header(kid="../../../../etc/passwd", key=OTHER),
    "kid is SQL": with_header(kid="x' UNION SELECT 'k", key=OTHER),
    "kid is an address": with_header(kid="http://evil.example/key", key=OTHER),
    "kid is endless": with_header(kid="k" * 4000, key=OTHER),
    "jwk in the header": with_header(key=OTHER, jwk=OTHER.as_dict(private=False)),
    "jku in the header": with_header(key=OTHER, jku="http://127.0.0.1:1/keys"),
    "x5u in the header": with_header(key=OTHER, x5u="http://127.0.0.1:1/cert"),
    "x5c in the header": with_header(key=OTHER, x5c=["MIIB"]),
    "crit in the header": with_header(crit=["exp"], exp=NOW + 60),
    "b64 in the header": with_header(b64=False, crit=["b64"]),
    "zip in the header": with_header(zip="DEF"),
    # who, for whom
    "another issuer": with_claims(iss="https://evil.example"),
    "our issuer and more": lambda issuer: with_claims(iss=f"{issuer.url}/")(issuer),
    "no issuer": with_claims(iss=None),
    "a list of issuers": lambda issuer: with_claims(iss=[issuer.url])(issuer),
    "another audience": with_claims(aud="account"),
    "no audience": with_claims(aud=None),
    "an audience that begins like ours": with_claims(aud="pkp-api-2"),
    "an object for audience": with_claims(aud={"pkp-api": True}),
    "a token for pages": with_claims(aud=CLIENT),
    "a client that is no account": with_claims(azp="stranger", client_id="stranger"),
    "two clients": with_claims(azp="agency", client_id="stranger"),
    "no client": with_claims(azp=None, client_id=None),
    "a person's subject for a client": with_claims(azp="person-1", client_id="person-1"),
    "no subject": with_claims(sub=None),
    # what for
    "an ID token": id_token,
    "an ID token for the API": with_claims(typ="ID"),
    "a refresh token": with_claims(typ="Refresh"),
    "a logout token": with_claims(typ="Logout", events={"http://schemas.openid.net/event/backchannel-logout": {}}),
    "a person's token": of_a_person,
    "a person's token without its session": with_claims(client_id=None, sub="person-1"),
    "a person's token with a nonce": with_claims(nonce="n"),
    # when
    "ran out": with_claims(iat=NOW - 4000, exp=NOW - 3600),
    "never runs out": with_claims(exp=None),
    "runs out in a hundred years": with_claims(exp=NOW + 3_153_600_000),
    "not yet in force": with_claims(nbf=NOW + 3600),
    "made in the future": with_claims(iat=NOW + 3600, exp=NOW + 3900),
    "without a time": with_claims(iat=None),
    "a time in words": with_claims(exp="9999999999"),
    "a time that is true": with_claims(exp=True),
    "ran out before it was made": with_claims(exp=NOW, iat=NOW + 30),
    # form
    "a name that stands twice": twice,
    "a header's name that stands twice": header_twice,
    "an endless token": with_claims(more="x" * 20_000),
    "deep JSON": raw('{"a":' + "[" * 5000),
    "a number that is none": lambda issuer: issuer.sign(json.dumps(issuer.access())[:-1] + ', "n": NaN}'),
    "a list for claims": raw("[]"),
    "no JSON": raw("iss=me"),
    "five parts": encrypted_form,
    "two parts": lambda issuer: "eyJhbGciOiJub25lIn0.e30",
    "empty parts": lambda issuer: "eyJ..",
}


@pytest.mark.parametrize("forge", ATTACKS.values(), ids=ATTACKS)
def test_a_token_that_is_not_accepted(house: House, issuer: Issuer, forge: Forged) -> None:
    provider_of(house.settings).known()
    asked = len(issuer.answers)
    answer = command(house, forge(issuer))
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json["slug"] == "not-signed-in"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="PKP", error="invalid_token"'
    assert set(answer.json) == {"type", "title", "status", "slug"}
    assert len(issuer.answers) - asked <= 2, "at most one question about keys"
    for table in ("sign_ins", "sessions", "tokens"):
        with house.accounts.database.reading() as session:
            assert session.one(f"SELECT count(*) FROM {table}") == (0,)


def test_more_than_forty_attacks_are_tried() -> None:
    assert len(ATTACKS) >= 40


def test_a_token_of_the_provider_is_no_password(house: House, issuer: Issuer) -> None:
    """HTTP Basic carries our own tokens to pages; an access token belongs into its own header."""
    assert house.browser().client.get(LISTING, auth=("", issuer.sign(issuer.access("stranger")))).status_code == 401


def test_a_program_whose_account_is_disabled_is_out_at_once(house: House, issuer: Issuer) -> None:
    Links(house.accounts, issuer.url).add(house.accounts.add("bekas", "secretariat"), PROGRAM, "former")
    token = issuer.sign(issuer.access("former"))
    assert command(house, token).status_code == 422
    house.accounts.disable("bekas")
    assert command(house, token).status_code == 401


# --- the keys ---------------------------------------------------------------------------------------------------------


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mine() -> Iterator[Issuer]:
    """A provider for this test alone."""
    made = Issuer(RSA)
    yield made
    made.stop()


@pytest.fixture
def provider(mine: Issuer, clock: Clock) -> Provider:
    expected = signed.Expected(mine.url, CLIENT, "pkp-api")
    trust = Trust(expected, f"{mine.url}/.well-known/openid-configuration", "secret", "openid", "http://localhost:8000")
    return Provider(trust, clock)


def accepted(provider: Provider, token: str) -> bool:
    try:
        return signed.program(token, provider.key, provider.expected) == "agency"
    except signed.BadToken:
        return False


def test_a_new_key_is_found_and_an_old_one_is_forgotten(mine: Issuer, provider: Provider, clock: Clock) -> None:
    old = mine.sign(mine.access())
    assert accepted(provider, old)
    mine.keys = {"two": OTHER}
    new = mine.sign(mine.access(), "two", key=OTHER)
    assert not accepted(provider, new), "asked for its keys just now"
    clock.now += provider_module.PAUSE + 1
    assert accepted(provider, new)
    assert not accepted(provider, old)


def test_a_key_that_was_withdrawn_counts_ten_minutes_at_most(mine: Issuer, provider: Provider, clock: Clock) -> None:
    token = mine.sign(mine.access())
    assert accepted(provider, token)
    mine.keys = {"two": OTHER}
    clock.now += provider_module.FRESH + 1
    assert not accepted(provider, token)


def test_a_storm_of_unknown_keys_asks_the_provider_twice_a_minute(mine: Issuer, provider: Provider, clock: Clock) -> None:
    for n in range(300):
        assert not accepted(provider, mine.sign(mine.access(), f"unknown-{n}"))
        clock.now += 0.2
    assert mine.answers.count("/keys") <= 3
    assert accepted(provider, mine.sign(mine.access()))


def test_tokens_of_others_are_no_reason_to_ask(mine: Issuer, provider: Provider) -> None:
    assert not accepted(provider, mine.sign({**mine.access(), "iss": "https://evil.example"}, "unknown"))
    assert mine.answers == []


def test_a_provider_that_is_away_is_missed_after_a_day(mine: Issuer, provider: Provider, clock: Clock) -> None:
    token = mine.sign(mine.access())
    assert accepted(provider, token)
    mine.down = True
    clock.now += provider_module.KEPT - 1
    assert accepted(provider, token)
    clock.now += 2
    with pytest.raises(Away):
        accepted(provider, token)
    mine.down = False
    clock.now += provider_module.PAUSE
    assert accepted(provider, token)


def document(mine: Issuer, **changed: Any) -> Callable[[], tuple[int, bytes]]:
    return lambda: (200, json.dumps({**mine.description(), **changed}).encode())


@pytest.mark.parametrize(
    "tells",
    [
        lambda mine: document(mine, issuer="https://evil.example"),
        lambda mine: document(mine, issuer=f"{mine.url}/"),
        lambda mine: document(mine, jwks_uri=None),
        lambda mine: document(mine, jwks_uri="file:///etc/passwd"),
        lambda mine: document(mine, token_endpoint="javascript:alert(1)"),
        lambda mine: document(mine, authorization_endpoint=["https://evil.example"]),
        lambda mine: lambda: (200, b"[]"),
        lambda mine: lambda: (200, b"<html>"),
        lambda mine: lambda: (200, b'{"a":' + b"[" * 100_000),
        lambda mine: lambda: (200, b" " * (provider_module.MOST_BYTES + 1)),
        lambda mine: lambda: (302, b""),
        lambda mine: lambda: (404, b"{}"),
    ],
)
def test_a_description_that_cannot_be_right_is_none(mine: Issuer, provider: Provider, tells: Any) -> None:
    mine.tells["/.well-known/openid-configuration"] = tells(mine)
    with pytest.raises(Away):
        provider.known()
    assert "/elsewhere" not in mine.answers, "redirects are not followed"


def test_keys_that_prove_nothing_are_left_out(mine: Issuer, provider: Provider) -> None:
    weak = RSAKey.generate_key(1024)
    shown = [
        {**RSA.as_dict(private=False), "kid": "enc", "use": "enc"},
        {**weak.as_dict(private=False), "kid": "weak"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
        {"kty": "RSA", "kid": "broken"},
        RSA.as_dict(private=False) | {"kid": 7},
        "no key",
        {**OKPKey.generate_key("Ed25519").as_dict(private=False), "kid": "good"},
    ]
    mine.tells["/keys"] = lambda: (200, json.dumps({"keys": shown}).encode())
    assert set(provider.known().keys) == {"good"}


def test_an_answer_that_drips_is_given_up(mine: Issuer, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_module, "DEADLINE", 0.0)
    with pytest.raises(Away):
        provider.known()


def test_at_the_api_a_provider_that_is_away_is_said_to_be(tmp_path: Path, make_house: Callable[..., House], mine: Issuer) -> None:
    mine.down = True
    house = make_house(**mine.settings)
    answer = command(house, mine.sign(mine.access()))
    assert (answer.status_code, answer.json["slug"], answer.headers["Retry-After"]) == (503, "provider-away", "30")
    house.add("budi")
    assert command(house, house.accounts.token("budi")).status_code == 422, "our own tokens need nobody else"
