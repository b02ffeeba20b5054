"""Where Kafka answers and who a service is to it: the settings of the carrier, judged together, in the client's own words."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.settings import Settings

SECURE = ("ssl", "sasl_ssl")  # values of PKP_BUS_SECURITY under which nothing on the network can be read
ASKING = ("sasl_plaintext", "sasl_ssl")  # those under which the broker asks for a user and a password


@dataclass(frozen=True, slots=True)
class Broker:
    """Bootstrap addresses (`host:port,host:port`), and the client's options for security; these are never shown.

    `group` is the name under which this client reads. No group is ever joined, but brokers ask for a right to its name.
    """

    addresses: str
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    group: str = "pkp"


def has_broker(settings: Settings) -> bool:
    """Whether facts go by Kafka."""
    return settings.bus_url.startswith("kafka:")


def broker(settings: Settings, service: str) -> Broker:
    """The broker as one service reaches it, under its own name where the user's has `{service}` in it."""
    options = {"security.protocol": settings.bus_security}
    if settings.bus_security in ASKING:
        options["sasl.mechanism"] = settings.bus_mechanism
        options["sasl.username"] = settings.bus_user.replace("{service}", service)
        options["sasl.password"] = settings.bus_password
    if settings.bus_security in SECURE:
        files = {"ca": settings.bus_ca_file, "certificate": settings.bus_certificate_file, "key": settings.bus_key_file}
        options |= {f"ssl.{name}.location": path for name, path in files.items() if path}
        options["ssl.endpoint.identification.algorithm"] = "https"
    return Broker(settings.bus_url.removeprefix("kafka://"), options, f"{settings.province}.{service}.worker")


def problems(values: Mapping[str, Any]) -> list[str]:
    """What of the carrier's settings does not go together, by their fields in Settings; one sentence per variable, no value."""
    security = values["bus_security"]
    found = []
    for name in ("user", "password"):
        if security in ASKING and not values[f"bus_{name}"]:
            found.append(f"PKP_BUS_{name.upper()}: needed with PKP_BUS_SECURITY={security}")
        if security not in ASKING and values[f"bus_{name}"]:
            found.append(f"PKP_BUS_{name.upper()}: never sent with PKP_BUS_SECURITY={security}; sasl_ssl sends it")
    if security not in SECURE:
        given = [name for name in ("ca", "certificate", "key") if values[f"bus_{name}_file"]]
        return found + [
            f"PKP_BUS_{name.upper()}_FILE: means nothing with PKP_BUS_SECURITY={security}; use ssl or sasl_ssl" for name in given
        ]
    return found + _of_authority(values["bus_ca_file"]) + _of_certificate(values["bus_certificate_file"], values["bus_key_file"])


def doubts(settings: Settings) -> list[str]:
    """What can be used, but is hardly meant."""
    if not has_broker(settings):
        return ["PKP_BUS_SECURITY means nothing with PKP_BUS_URL=feed:"] if settings.bus_security != "plaintext" else []
    if settings.bus_security == "sasl_plaintext" and settings.bus_mechanism == "PLAIN":
        return ["PKP_BUS_MECHANISM=PLAIN sends the password readable over the network: use sasl_ssl, or a SCRAM mechanism"]
    return []


def _of_authority(file: str) -> list[str]:
    if not file:
        return []
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        return ["PKP_BUS_CA_FILE: holds no certificate in PEM form"]
    except OSError as error:
        return [f"PKP_BUS_CA_FILE: the file cannot be read ({error.strerror})"]
    return []


def _of_certificate(certificate: str, key: str) -> list[str]:
    """Both or none, readable, and of one pair."""
    if bool(certificate) != bool(key):
        lacking, given = ("KEY", "CERTIFICATE") if certificate else ("CERTIFICATE", "KEY")
        return [f"PKP_BUS_{lacking}_FILE: needed beside PKP_BUS_{given}_FILE"]
    found = []
    for name, file in (("CERTIFICATE", certificate), ("KEY", key)):
        try:
            Path(file).read_bytes() if file else b""
        except OSError as error:
            found.append(f"PKP_BUS_{name}_FILE: the file cannot be read ({error.strerror})")
    if certificate and not found:
        try:
            # A password is given so that a key that wants one is refused here, not asked for on a terminal.
            ssl.create_default_context().load_cert_chain(certificate, key, password="")
        except (ssl.SSLError, ValueError):
            found.append("PKP_BUS_KEY_FILE: not the key, in PEM form and without a password, of PKP_BUS_CERTIFICATE_FILE")
    return found
