"""A real Keycloak with the realm that is shipped: the official image where an engine answers, else Maven Central's archive."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from tests.realparts import containers, parts

VERSION = "26.7.3"
REALM = parts.CHECKOUT / "deploy" / "keycloak" / "pkp-realm.json"
ADMIN, ADMIN_PASSWORD = "admin", "only-for-tests-of-this-machine"
WEB_SECRET, MACHINE_SECRET = "web-secret-only-for-tests", "machine-secret-only-for-tests"
# What the realm file asks for, and who may administer; kept in the server's data from its first start on.
GIVEN = {
    "PKP_PUBLIC_URL": "http://localhost:1",
    "PKP_WEB_SECRET": WEB_SECRET,
    "PKP_MACHINE_SECRET": MACHINE_SECRET,
    "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
    "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN_PASSWORD,
}
JVM = "-Xms64m -Xmx512m -XX:MaxMetaspaceSize=256m -Dfile.encoding=UTF-8 -XX:+UseSerialGC -XX:TieredStopAtLevel=1"


class Runs(Protocol):
    """A running server, whoever runs it."""

    base: str

    def pause(self) -> None:
        """Make it hang: it keeps its connections and answers nothing."""

    def resume(self) -> None:
        """Let it go on after `pause`."""

    def stop(self) -> None:
        """End it and remove what it wrote."""


class Keycloak:
    """A Keycloak that serves the realm `pkp`, and its administrator."""

    def __init__(self, runs: Runs, password: str = ADMIN_PASSWORD) -> None:
        self.runs, self._password = runs, password
        self.issuer = f"{runs.base}/realms/pkp"
        self.pause, self.resume, self.stop = runs.pause, runs.resume, runs.stop

    def expect(self, origin: str) -> None:
        """Have the pages of this origin as the only ones that people are sent back to."""
        found = self.client("pkp-web")
        found["redirectUris"] = [f"{origin}/masuk/instansi/kembali"]
        found["attributes"]["post.logout.redirect.uris"] = f"{origin}/"
        self._admin("PUT", f"clients/{found['id']}", found)

    def client(self, name: str) -> Any:
        """A client as the administrator sees it."""
        return self._admin("GET", f"clients?clientId={quote(name)}").json()[0]

    def add_client(self, **given: Any) -> None:
        """One more client."""
        self._admin("POST", "clients", {"protocol": "openid-connect", **given})

    def add_user(self, name: str, password: str, *roles: str) -> str:
        """A person, with realm roles; the answer is the subject."""
        profile = {"email": f"{name}@orang.example", "firstName": "Petugas", "lastName": "Contoh", "emailVerified": True}
        given = {"username": name, "enabled": True, "credentials": [{"type": "password", "value": password}], **profile}
        subject = self._admin("POST", "users", given).headers["Location"].rsplit("/", 1)[1]
        if roles:
            known = [self._admin("GET", f"roles/{role}").json() for role in roles]
            self._admin("POST", f"users/{subject}/role-mappings/realm", known)
        return subject

    def take_role(self, subject: str, role: str) -> None:
        """Take a realm role from a person."""
        self._admin("DELETE", f"users/{subject}/role-mappings/realm", [self._admin("GET", f"roles/{role}").json()])

    def rotate_keys(self) -> None:
        """A new signing key that comes first, as administrators make one."""
        realm = self._admin("GET", "").json()
        config = {"priority": ["200"], "enabled": ["true"], "active": ["true"], "keySize": ["2048"], "algorithm": ["RS256"]}
        key = {"name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider"}
        self._admin("POST", "components", {**key, "parentId": realm["id"], "config": config})

    def machine_token(self, client: str = "pkp-machine", secret: str = MACHINE_SECRET) -> str:
        """What a program gets by client credentials."""
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        return str(self._token("pkp", form)["access_token"])

    def person_tokens(self, client: str, secret: str, name: str, password: str) -> Any:
        """What a client gets that handles passwords itself (none that is shipped may)."""
        form = {"grant_type": "password", "client_id": client, "client_secret": secret, "scope": "openid"}
        return self._token("pkp", {**form, "username": name, "password": password})

    def _token(self, realm: str, form: dict[str, str]) -> Any:
        url = f"{self.runs.base}/realms/{realm}/protocol/openid-connect/token"
        answer = httpx.post(url, data=form, timeout=30, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": self._password}
        headers = {"Authorization": f"Bearer {self._token('master', form)['access_token']}"}
        url = f"{self.runs.base}/admin/realms/pkp/{path}".rstrip("/")
        return httpx.request(method, url, json=body, headers=headers, timeout=30, trust_env=False).raise_for_status()


def start_keycloak() -> Keycloak:
    """A Keycloak that serves the shipped realm. Raises PartMissing with an instruction."""
    sources: list[tuple[str, Callable[[], Runs]]] = [
        ("container engine", lambda: containers.ContainerKeycloak(VERSION, REALM, GIVEN, serving)),
        ("Maven Central", ArchiveKeycloak),
    ]
    return Keycloak(parts.first_that_works("Keycloak", sources))


def serving(base: str) -> bool:
    """Whether the realm's description can be read."""
    try:
        url = f"{base}/realms/pkp/.well-known/openid-configuration"
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


class ArchiveKeycloak:
    """A server run by the machine's own Java from the published archive, on a copy of data that were imported once."""

    def __init__(self, home: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-keycloak-"))
        self.log = self.folder / "server.log"
        self.port = parts.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        try:
            self._lay_out(home or _prepared())
            self._start(importing=home is not None)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _lay_out(self, home: Path) -> None:
        for one in ("lib", "conf", "providers", "themes"):
            (self.folder / one).symlink_to(home / one)
        # The script takes the folder above itself for the server's home, which is where its data lie.
        (self.folder / "bin").mkdir()
        shutil.copy(home / "bin" / "kc.sh", self.folder / "bin")
        if (home / "data").exists():
            shutil.copytree(home / "data", self.folder / "data")
        (self.folder / "data" / "import").mkdir(parents=True, exist_ok=True)

    def _start(self, *, importing: bool) -> None:
        ports = {"http-port": self.port, "http-management-port": parts.free_port()}
        options = ["--optimized", "--cache=local", "--hostname-strict=false", "--http-enabled=true", "--http-host=127.0.0.1"]
        options += ["--http-management-host=127.0.0.1", *(f"--{name}={value}" for name, value in ports.items())]
        if importing:
            shutil.copy(REALM, self.folder / "data" / "import")
            options.append("--import-realm")
        given = {"JAVA_OPTS": JVM, **(GIVEN if importing else {})}
        words = ["env", *(f"{name}={value}" for name, value in given.items()), str(self.folder / "bin" / "kc.sh"), "start"]
        self.process = parts.spawn([*words, *options], self.log)
        try:
            parts.wait_until(
                lambda: serving(self.base),
                "Keycloak",
                alive=lambda: self.process.poll() is None,
                log=lambda: self.log.read_text(errors="replace"),
                timeout=240,
            )
        except BaseException:
            parts.end(self.process, signal.SIGKILL)
            raise

    def pause(self) -> None:
        """Make it hang."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def halt(self) -> None:
        """End it in order, so that its data are whole."""
        self.resume()
        parts.end(self.process, patience=30)

    def stop(self) -> None:
        """End it and remove its folder."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)


def _prepared() -> Path:
    """The server, built, with the realm in its data; made anew when the realm file or the Java changes."""
    built = parts.made_once(f"keycloak-{VERSION}", _fetch)
    mark = hashlib.sha256(REALM.read_bytes() + repr(sorted(GIVEN.items())).encode()).hexdigest()[:8]
    return parts.made_once(f"keycloak-{VERSION}-{mark}", lambda folder: _import(built, folder))


def _fetch(folder: Path) -> None:
    artifact = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
    parts.maven(f"{parts.DEPENDENCY_PLUGIN}:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.zip"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    archive.unlink()
    unpacked = folder / f"keycloak-{VERSION}"
    for one in unpacked.iterdir():
        one.rename(folder / one.name)
    unpacked.rmdir()
    script = folder / "bin" / "kc.sh"
    script.chmod(0o755)
    words = [str(script), "build", "--db=dev-file", "--health-enabled=true"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False, env={**os.environ, "JAVA_OPTS": JVM})
    shutil.rmtree(folder / "data", ignore_errors=True)
    if done.returncode:
        raise parts.PartFailed(f"Keycloak could not be built:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _import(built: Path, folder: Path) -> None:
    """Start once with the realm file, and keep the data; what is not data stays where it is."""
    server = ArchiveKeycloak(built)
    try:
        server.halt()
        for one in ("bin", "lib", "conf", "providers", "themes"):
            (folder / one).symlink_to(built / one)
        shutil.copytree(server.folder / "data" / "h2", folder / "data" / "h2")
    finally:
        server.stop()
