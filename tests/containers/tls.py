"""The gateway with a certificate, set up as its README says."""

from __future__ import annotations

import datetime
import ipaddress
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.containers.stack import Stack
from tests.realparts.parts import CHECKOUT, free_port

README = CHECKOUT / "deploy" / "gateway" / "tls" / "README.md"


def certificate(folder: Path) -> None:
    """A certificate of this machine, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pkp.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(key.private_bytes(*form))


@pytest.fixture(scope="module")
def secured(stack: Stack) -> Iterator[httpx.Client]:
    """The same platform behind TLS; the folder with the certificate is mounted over the one of the checkout."""
    folder, port = stack.folder / "tls", free_port()
    folder.mkdir()
    certificate(folder)
    told = re.search(r"```nginx\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert told
    (folder / "tls.conf").write_text(told[1])
    override = stack.folder / "override.yml"
    override.write_text(f'services: {{gateway: {{volumes: ["{folder}:/etc/nginx/pkp/tls:ro"]}}}}\n')
    before = dict(stack.variables)
    files = f"{CHECKOUT}/docker-compose.yml:{CHECKOUT}/deploy/tls.yml:{override}"
    stack.variables |= {"COMPOSE_FILE": files, "TLS_BIND": "127.0.0.1", "TLS_PORT": str(port)}
    stack.up()
    context = ssl.create_default_context(cafile=str(folder / "server.crt"))
    with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=context, timeout=20) as client:
        yield client
    stack.variables = before
    stack.up()


def test_pages_are_served_over_tls(secured: httpx.Client, stack: Stack) -> None:
    assert secured.get("/").status_code == 200
    token = stack.token("sekretariat")
    answer = secured.get("/membership/api/v1/members", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.json()["items"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_old_protocol_is_refused(secured: httpx.Client, stack: Stack) -> None:
    """By the gateway: this client would speak it."""
    old = ssl.create_default_context(cafile=str(stack.folder / "tls" / "server.crt"))
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    refused = pytest.raises(httpx.ConnectError, match=r"(?i)alert protocol version")
    with httpx.Client(base_url=secured.base_url, verify=old) as client, refused:
        client.get("/")
