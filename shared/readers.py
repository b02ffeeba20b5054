"""How the text of a setting becomes its value; what is said of a bad one never repeats it."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.provinces import provinces


def province(text: str) -> str:
    """One of the 38 codes."""
    if text not in provinces():
        raise ValueError("not the two-digit Kemendagri code of a province")
    return text


def zone(text: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not the IANA name of a time zone") from None
    return text


def names(text: str) -> tuple[str, ...]:
    """Names of services, in their order, each once."""
    found = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not all(re.fullmatch(r"[a-z][a-z_]{0,40}", name) for name in found):
        raise ValueError("not names of services separated by commas")
    return found


def database(text: str) -> str:
    """A URL of SQLite or PostgreSQL with {service} in it: services share no database."""
    if "{service}" not in text:
        raise ValueError("needs {service} in it, since each service keeps a database of its own")
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return text


def bus(text: str) -> str:
    """`feed:` or the addresses of Kafka brokers."""
    broker = r"[A-Za-z0-9.-]+:\d{1,5}"
    if text != "feed:" and not re.fullmatch(rf"kafka://{broker}(,{broker})*", text):
        raise ValueError("must be feed: or kafka://host:port,host:port")
    return text


def bus_security(text: str) -> str:
    """One of the four protocols of Kafka."""
    if text.lower() not in {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"}:
        raise ValueError("must be plaintext, ssl, sasl_plaintext or sasl_ssl")
    return text.lower()


def mechanism(text: str) -> str:
    """A way to show a password to Kafka."""
    if text.upper() not in {"SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"}:
        raise ValueError("must be SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN")
    return text.upper()


def url(text: str) -> str:
    """An http(s) URL without a slash at its end."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and bool(parts.netloc) and not parts.query and not parts.fragment
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("not an http:// or https:// address")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """The https URL of an identity provider, as it names itself; plain http on this machine alone, for trying."""
    parts = urlsplit(url(text))
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must begin with https://, unless it is on this machine")
    return text


def words(text: str) -> tuple[str, ...]:
    """Words of a protocol, separated by commas."""
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    if not all(re.fullmatch(r"[\x21-\x7e]{1,200}", one) for one in found):
        raise ValueError("not words separated by commas")
    return found


def claim(text: str) -> str:
    """The name of a claim, or a path of names."""
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", text):
        raise ValueError("not the name of a claim")
    return text


def scopes(text: str) -> str:
    """OAuth scopes, separated by spaces; without `openid` nobody says who signs in."""
    if not re.fullmatch(r"[\x21-\x7e]+( [\x21-\x7e]+)*", text) or "openid" not in text.split(" "):
        raise ValueError("not scopes separated by spaces, with openid among them")
    return text


def origin(text: str) -> str:
    """An http(s) URL without a path."""
    if urlsplit(url(text)).path:
        raise ValueError("must have no path: everything lives on one origin")
    return url(text)


def feed_urls(text: str) -> dict[str, str]:
    """URLs by service; the one for all others has the key ""."""
    found: dict[str, str] = {}
    for entry in filter(None, (one.strip() for one in text.split(","))):
        name, given, rest = entry.partition("=")
        found[name.strip() if given else ""] = url(rest.strip() if given else entry)
    return found


def address(text: str) -> str:
    """An IP address of this machine."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("not an IP address") from None


def port(text: str) -> int:
    """A port number that leaves room for the three listeners behind it."""
    if not re.fullmatch(r"\d{1,5}", text) or not 1 <= int(text) <= 65532:
        raise ValueError("not a port from 1 to 65532")
    return int(text)


def count(text: str) -> int:
    """A whole number from 1 to 256."""
    if not re.fullmatch(r"\d{1,3}", text) or not 1 <= int(text) <= 256:
        raise ValueError("not a whole number from 1 to 256")
    return int(text)


def few(text: str) -> int:
    """A whole number from 0 to 9."""
    if not re.fullmatch(r"[0-9]", text):
        raise ValueError("not a whole number from 0 to 9")
    return int(text)


def flag(text: str) -> bool:
    """Yes or no."""
    if text.lower() not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("must be true or false")
    return text.lower() in {"1", "true", "yes", "on"}


def secret_keys(text: str) -> tuple[str, ...]:
    """Secrets that cannot be guessed, one on each line: the first is used, the others are accepted."""
    found = _lines(text)
    if any(len(one) < 32 for one in found):
        raise ValueError("must have at least 32 characters on each line")
    return found


def master_keys(text: str) -> tuple[bytes, ...]:
    """Keys, one on each line: the first is used, the others are accepted."""
    return tuple(_master_key(one) for one in _lines(text))


def _lines(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not found:
        raise ValueError("must not be empty")
    return found


def _master_key(text: str) -> bytes:
    """32 bytes in base64."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("must be 32 bytes in base64")
    return key


def log_level(text: str) -> str:
    """The name of a level."""
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def log_format(text: str) -> str:
    """`json` or `text`."""
    if text not in {"json", "text"}:
        raise ValueError("must be json or text")
    return text
