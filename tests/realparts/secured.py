"""A Kafka that asks who one is: an authority of the test's own, a listener with TLS and passwords, one with certificates."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LISTENERS = {"SECURED": "SASL_SSL", "MUTUAL": "SSL"}
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class Authority:
    """A certificate authority that signs for an hour. `file` is its own certificate."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key, self._name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        made = _begun(self._name, self._name, self._key.public_key()).add_extension(constraints, critical=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(made.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def issue(self, name: str, *addresses: str) -> tuple[Path, Path]:
        """The files of a certificate for `name` (and for these IP addresses) and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _begun(_named(name), self._name, key.public_key())
        if addresses:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(one)) for one in addresses])
            made = made.add_extension(names, critical=False)
        certificate, private = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        certificate.write_bytes(made.sign(self._key, SHA256()).public_bytes(Encoding.PEM))
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, private


def settings(authority: Authority, address: str = "127.0.0.1") -> dict[str, str]:
    """Server properties for LISTENERS: nothing is allowed that no rule allows, but to the listener that asks nobody.

    The broker's certificate is for `address`. Users and their passwords are made at run time.
    """
    certificate, key = authority.issue("broker", address)
    found = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "listener.name.secured.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.secured.scram-sha-512.sasl.jaas.config": SCRAM,
        "listener.name.mutual.ssl.client.auth": "required",
        "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/",
    }
    for listener in LISTENERS:
        begin = f"listener.name.{listener.lower()}.ssl"
        found |= {
            f"{begin}.keystore.type": "PEM",
            f"{begin}.keystore.certificate.chain": _line(certificate),
            f"{begin}.keystore.key": _line(key),
            f"{begin}.truststore.type": "PEM",
            f"{begin}.truststore.certificates": _line(authority.file),
        }
    return found


def _line(file: Path) -> str:
    """A PEM file as the value of one line of properties."""
    return file.read_text("ascii").replace("\n", "\\n")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(hours=1))
