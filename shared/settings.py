"""Every setting of the platform, named once: its variable, what it means, its default, how it is read."""

from __future__ import annotations

import dataclasses
import os
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environs

from shared import readers, secret_files
from shared.bus import broker
from shared.provinces import Province, provinces

PREFIX = "PKP_"
BORN_AS_DEMO = "born-as-a-demo"  # a file in the data folder of a platform that was a demo from its first start


class BadSettings(Exception):
    """Some variables cannot be used. `problems` lists one sentence per variable, never a value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def setting(
    default: str | None, means: str, read: Callable[[str], Any] = str, *, secret: bool = False, shown: str | None = None
) -> Any:
    """Declare a setting. `default` is the text that stands in (None: worked out from others, `shown` says how);
    `read` turns text into the value or raises ValueError; a secret may come as `<NAME>_FILE` and is never shown."""
    meta = {"default": default, "means": means, "read": read, "secret": secret, "shown": shown}
    return dataclasses.field(metadata=meta)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator decides; made by `load`."""

    province: str = setting("32", "Kemendagri code of the province that this platform serves", readers.province)
    timezone: str = setting(None, "IANA time zone of dates and working days", readers.zone, shown="that of the province")
    data_dir: Path = setting("var", "folder of everything that is written here", Path)  # noqa: RUF009
    services: tuple[str, ...] = setting(
        "", "services that this process runs, separated by commas; empty: all that are installed", readers.names
    )
    database: str = setting(
        None,
        "where each service keeps its facts: `sqlite:///…` or `postgresql+psycopg://…`, with `{service}` in it",
        readers.database,
        secret=True,
        shown="`sqlite:///<PKP_DATA_DIR>/{service}.db`",
    )
    bus_url: str = setting("feed:", "what carries facts between services: `feed:` or `kafka://host:port,…`", readers.bus)
    bus_security: str = setting(
        "plaintext",
        "how Kafka is spoken with, in its own words: `plaintext`, `ssl`, `sasl_plaintext` or `sasl_ssl`; all but the last for "
        "networks of your own",
        readers.bus_security,
    )
    bus_mechanism: str = setting(
        "SCRAM-SHA-512", "how the password is shown with sasl: `SCRAM-SHA-512`, `SCRAM-SHA-256` or `PLAIN`", readers.mechanism
    )
    bus_user: str = setting("", "Kafka's name for us; `{service}` in it stands for each service's own")
    bus_password: str = setting("", "Kafka's password for us", secret=True)
    bus_ca_file: str = setting("", "certificates in PEM form of who may vouch for the brokers; empty: whom this machine trusts")
    bus_certificate_file: str = setting("", "our own certificate in PEM form, for brokers that ask for one")
    bus_key_file: str = setting("", "the key of our own certificate, in PEM form and without a password")
    feed_urls: Mapping[str, str] = setting(
        None,
        "how a worker reaches the internal listeners of siblings: one URL, which may hold `{service}`, and exceptions "
        "as `service=URL`, separated by commas",
        readers.feed_urls,
        shown="`http://127.0.0.1:<PKP_INTERNAL_PORT>`",
    )
    public_url: str = setting(
        None,
        "the origin under which people and machines reach the platform",
        readers.origin,
        shown="`http://localhost:<PKP_PORT>`",
    )
    proxies: int = setting(
        "0", "how many proxies of yours stand in front, each of which adds the address it sees to X-Forwarded-For", readers.few
    )
    bind: str = setting(
        "127.0.0.1",
        "address that all listeners bind to: 127.0.0.1 for this machine alone, 0.0.0.0 for its networks, too",
        readers.address,
    )
    port: int = setting("8000", "port of the public listener", readers.port)
    internal_port: int = setting(
        None, "port of the worker's internal listener (feeds for siblings)", readers.port, shown="PKP_PORT + 1"
    )
    management_port: int = setting(
        None, "port of health and metrics of the web process; the worker has the next one", readers.port, shown="PKP_PORT + 2"
    )
    secret_keys: tuple[str, ...] = setting(
        None,
        "secret of at least 32 characters that signs tokens of siblings and ids of commands; those on further lines are accepted",
        readers.secret_keys,
        secret=True,
        shown="made once in `<PKP_DATA_DIR>/secrets` with SQLite; needed otherwise",
    )
    master_keys: tuple[bytes, ...] = setting(
        None,
        "32 bytes in base64 that wrap the keys of personal data; keep a copy apart from every backup; those on further lines "
        "are accepted",
        readers.master_keys,
        secret=True,
        shown="made once in `<PKP_DATA_DIR>/secrets` with SQLite; needed otherwise",
    )
    oidc_issuer: str = setting(
        None,
        "the identity provider (OpenID Connect) with which people and programs may sign in, as it names itself",
        readers.issuer,
        shown="none: local accounts alone",
    )
    oidc_discovery_url: str = setting(
        None,
        "where its description is read from here, when that is another way than people's",
        readers.url,
        shown="`<PKP_OIDC_ISSUER>/.well-known/openid-configuration`",
    )
    oidc_client_id: str = setting("pkp-web", "what the provider calls the pages of this platform")
    oidc_client_secret: str = setting(None, "the secret that both share; needed with an issuer", secret=True, shown="none")
    oidc_audience: str = setting("pkp-api", "the audience that access tokens of programs must name")
    oidc_scopes: str = setting("openid", "the scopes that are asked for when people sign in", readers.scopes)
    oidc_roles_claim: str = setting(
        None,
        "claim of the ID token with roles of the provider, such as `realm_access.roles`: the one that begins with `pkp-` is then "
        "a person's role here, at each sign-in, and who has no account yet gets one",
        readers.claim,
        shown="none: `pkp account` says who has an account and which role",
    )
    oidc_acr: tuple[str, ...] = setting(
        "",
        "how surely people must have signed in: values of `acr`, separated by commas, one of which the provider must state; "
        "a code is then not asked here as well",
        readers.words,
    )
    demo: bool = setting(
        None, "demo accounts and example data", readers.flag, shown="true in a data folder that was begun as a demo, else false"
    )
    log_level: str = setting("INFO", "least level that is logged: DEBUG, INFO, WARNING or ERROR", readers.log_level)
    log_format: str = setting("json", "form of the log: `json` or `text`", readers.log_format)
    web_workers: int = setting("2", "processes of the public listener", readers.count)
    web_threads: int = setting("8", "threads of each of these processes", readers.count)

    @property
    def secret_key(self) -> str:
        """The secret that is used for what is new."""
        return self.secret_keys[0]

    @property
    def master_key(self) -> bytes:
        """The master key that wraps new keys."""
        return self.master_keys[0]

    @property
    def embedded(self) -> bool:
        """Whether everything lives in the data folder of one machine."""
        return self.database.startswith("sqlite")

    @property
    def province_name(self) -> str:
        """The province's name."""
        return self._province.name

    @property
    def zone(self) -> ZoneInfo:
        """The province's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def _province(self) -> Province:
        return provinces()[self.province]

    def database_url(self, service: str) -> str:
        """The URL of one service's database (also "identity", and "<service>_keys" for its key store)."""
        return self.database.replace("{service}", service)

    def local_url(self, port: int) -> str:
        """The URL of one of these listeners as this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind, self.bind)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def feed_url(self, service: str) -> str:
        """The URL of a sibling's feed on its internal listener."""
        base = self.feed_urls.get(service) or self.feed_urls.get("", f"http://127.0.0.1:{self.internal_port}")
        return f"{base.replace('{service}', service)}/{service}/feed"

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={value}' for name, value in shown(self))})"


@dataclass(frozen=True)
class Variable:
    """One environment variable: `field` is its name in Settings, `default` as people read it."""

    name: str
    field: str
    means: str
    default: str
    secret: bool
    meta: Mapping[str, Any]


NAMES = {"database": "DATABASE_URL", "secret_keys": "SECRET_KEY", "master_keys": "MASTER_KEY"}


def _variable(field: dataclasses.Field[Any]) -> Variable:
    meta = field.metadata
    name = PREFIX + NAMES.get(field.name, field.name.upper())
    default = meta["shown"] if meta["default"] is None else meta["default"]
    return Variable(name, field.name, meta["means"], default, meta["secret"], meta)


VARIABLES = tuple(_variable(field) for field in dataclasses.fields(Settings))


def shown(settings: Settings) -> list[tuple[str, str]]:
    """Every variable with its value as it may be printed: secrets as `***`, of a database URL the password only."""
    return [(one.name, _shown(one, getattr(settings, one.field))) for one in VARIABLES]


def _shown(variable: Variable, value: Any) -> str:
    if variable.field == "database":
        parts = urlsplit(value)
        return value.replace(parts.netloc, f"***@{parts.netloc.rsplit('@', 1)[1]}", 1) if "@" in parts.netloc else str(value)
    if variable.secret:
        return "***" if value else ""
    if isinstance(value, Mapping):
        return ",".join(f"{key}={url}" if key else url for key, url in value.items())
    return ",".join(value) if isinstance(value, tuple) else str(value)


class _Environment(environs.Env):
    """Reads the given mapping only; an empty variable counts as unset, as compose files pass it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(eager=False)
        self._given = given

    def _get_value(self, env_key: str, default: Any) -> Any:
        return self._given.get(env_key) or default


def load(given: Mapping[str, str] | None = None) -> Settings:
    """The settings out of the environment (or of `given` alone); in embedded mode missing secrets are made.

    Raises BadSettings with every variable that cannot be used.
    """
    given = os.environ if given is None else given
    values, problems = _read(given)
    if values["bus_security"]:
        problems += broker.problems(values)
    if problems:
        raise BadSettings(problems)
    _derive(values)
    if values["database"].startswith("sqlite"):
        try:
            secret_files.fill(values)
        except secret_files.Missing as missing:
            raise BadSettings([str(missing)]) from None
    lacking = [f"{PREFIX}{NAMES[name]}: needed with PostgreSQL" for name in ("secret_keys", "master_keys") if not values[name]]
    if values["oidc_issuer"]:
        lacking += _unsafe_provider(values)
    if lacking:
        raise BadSettings(lacking)
    return Settings(**values)


def unknown(given: Mapping[str, str] | None = None) -> list[str]:
    """Variables with our prefix that mean nothing: misspelt, perhaps. No error: Kubernetes sets some of its own."""
    known = {one.name for one in VARIABLES} | {one.name + "_FILE" for one in VARIABLES if one.secret}
    return sorted(name for name in (os.environ if given is None else given) if name.startswith(PREFIX) and name not in known)


def child_environment(**changed: str) -> dict[str, str]:
    """The environment of a child process: that of this one, with some variables changed."""
    return {**os.environ, **changed}


def _read(given: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The values that are there (None where not), and what is wrong."""
    texts, problems = dict(given), []
    for one in VARIABLES:
        file = given.get(one.name + "_FILE") if one.secret else None
        if file:
            try:
                texts[one.name] = Path(file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                problems.append(f"{one.name}_FILE: the file cannot be read")
    env, values = _Environment(texts), {}
    for one in VARIABLES:
        env.add_parser(f"read_{one.field}", _parser(one.meta["read"]))
        default = one.meta["default"]
        text = env.str(one.name, default)
        values[one.field] = None if text is None else getattr(env, f"read_{one.field}")(one.name, default)
    try:
        env.seal()
    except environs.EnvValidationError as error:
        found = typing.cast(Mapping[str, list[str]], error.error_messages)
        problems += [f"{name}: {'; '.join(said)}" for name, said in found.items()]
    return values, problems


def _parser(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise environs.EnvError(str(error)) from None

    return parse


def _unsafe_provider(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the settings of an identity provider, taken together."""
    problems = []
    if not values["oidc_client_secret"]:
        problems.append(f"{PREFIX}OIDC_CLIENT_SECRET: needed with {PREFIX}OIDC_ISSUER")
    if values["oidc_audience"] == values["oidc_client_id"]:
        problems.append(
            f"{PREFIX}OIDC_AUDIENCE: must differ from {PREFIX}OIDC_CLIENT_ID, or a token for pages would open the API"
        )
    return problems


def _derive(values: dict[str, Any]) -> None:
    """Fill in what follows from other settings."""
    values["data_dir"] = values["data_dir"].absolute()
    derived: dict[str, Any] = {
        "timezone": provinces()[values["province"]].tz,
        "database": f"sqlite:///{values['data_dir']}/{{service}}.db",
        "internal_port": values["port"] + 1,
        "management_port": values["port"] + 2,
        "public_url": f"http://localhost:{values['port']}",
        "feed_urls": {},
        "oidc_issuer": "",
        "oidc_discovery_url": f"{(values['oidc_issuer'] or '').rstrip('/')}/.well-known/openid-configuration",
        "oidc_client_secret": "",
        "oidc_roles_claim": "",
        "demo": (values["data_dir"] / BORN_AS_DEMO).is_file(),
    }
    values.update({name: value for name, value in derived.items() if values[name] is None})
