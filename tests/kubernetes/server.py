"""A real API server of Kubernetes on this machine, built from the Go module proxy: it judges and stores, and runs nothing."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import ssl
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.realparts import parts

MODULE = Path(__file__).with_name("server")
PROGRAMS = {
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "etcd": "go.etcd.io/etcd/server/v3",
}


def program(name: str) -> Path:
    """One of PROGRAMS, built once (some minutes) from a release's sources, checked by go.sum. Raises PartMissing without Go."""
    (version,) = (
        line.split()[2] for line in (MODULE / "go.mod").read_text("utf-8").splitlines() if "require k8s.io/kubernetes " in line
    )
    return parts.made_once(f"kubernetes-{version}-{name}", lambda folder: _build(name, version, folder / name)) / name


def _build(name: str, version: str, file: Path) -> None:
    if shutil.which("go") is None:
        raise parts.PartMissing("Go 1.26 or newer is not installed")
    told = "k8s.io/component-base/version.gitVersion"
    words = [
        "go",
        "build",
        "-mod=readonly",
        "-trimpath",
        "-ldflags",
        f"-s -w -X {told}={version}",
        "-o",
        str(file),
        PROGRAMS[name],
    ]
    done = subprocess.run(words, cwd=MODULE, capture_output=True, text=True, timeout=3600, check=False)
    if done.returncode:
        raise parts.PartFailed(f"{name} could not be built:\n{done.stderr[-3000:]}")


class ApiServer:
    """An API server with its etcd, on loopback, with nothing in it; gone with its files after `stop`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-kubernetes-"))
        self.port, etcd, peers = (parts.free_port() for _ in range(3))
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            self._start_etcd(etcd, peers)
            self._start(etcd)
        except BaseException:
            self.stop()
            raise

    def _start_etcd(self, port: int, peers: int) -> None:
        at, between = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
        words = [str(program("etcd")), "--data-dir", str(self.folder / "etcd"), "--unsafe-no-fsync", "--log-level", "warn"]
        words += ["--listen-client-urls", at, "--advertise-client-urls", at, "--listen-peer-urls", between]
        words += ["--initial-advertise-peer-urls", between, "--initial-cluster", f"default={between}"]
        self._run("etcd", words, lambda: b"true" in urllib.request.urlopen(f"{at}/health", timeout=2).read())

    def _start(self, etcd: int) -> None:
        token = secrets.token_hex(16)
        (self.folder / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n")
        key = str(self._key())
        self.environment = {"KUBECONFIG": str(self._configuration(token))}
        options = {
            "etcd-servers": f"http://127.0.0.1:{etcd}",
            "bind-address": "127.0.0.1",
            # Told to pods, of which there are none; the server wants no address of its own machine here.
            "advertise-address": "192.0.2.1",
            "secure-port": str(self.port),
            "cert-dir": str(self.folder / "tls"),
            "token-auth-file": str(self.folder / "tokens.csv"),
            "authorization-mode": "RBAC",
            "service-account-issuer": "https://pkp.example",
            "service-account-key-file": key,
            "service-account-signing-key-file": key,
            "service-cluster-ip-range": "10.96.0.0/16",
            # It wants accounts that a controller makes, and none runs here.
            "disable-admission-plugins": "ServiceAccount",
        }
        words = [str(program("kube-apiserver")), *(f"--{name}={value}" for name, value in options.items())]
        trusting = ssl._create_unverified_context()  # the server has signed its certificate itself, a moment ago
        asked = urllib.request.Request(f"https://127.0.0.1:{self.port}/readyz", headers={"Authorization": f"Bearer {token}"})
        self._run("kube-apiserver", words, lambda: urllib.request.urlopen(asked, timeout=2, context=trusting).status == 200)

    def _run(self, name: str, words: list[str], ready: Callable[[], bool]) -> None:
        log = self.folder / f"{name}.log"
        process = parts.spawn(words, log)
        self._processes.insert(0, process)

        def answers() -> bool:
            try:
                return ready()
            except OSError:
                return False

        parts.wait_until(
            answers, name, alive=lambda: process.poll() is None, log=lambda: log.read_text(errors="replace"), timeout=180
        )

    def _key(self) -> Path:
        key = rsa.generate_private_key(65537, 2048)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
        file = self.folder / "accounts.key"
        file.write_bytes(key.private_bytes(*form))
        return file

    def _configuration(self, token: str) -> Path:
        cluster = {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}
        made = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "here", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "admin"}}],
        }
        file = self.folder / "config.json"
        file.write_text(json.dumps(made))
        return file

    def stop(self) -> None:
        """End both and remove their files."""
        for process in self._processes:
            parts.end(process, signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)
