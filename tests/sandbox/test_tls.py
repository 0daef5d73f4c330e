"""The sandbox over TLS: whoever trusts its own authority gets in, nobody else does."""

import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.server import listen
from sandbox.tls import tls_files
from tests.support.sandbox import ROOT
from tests.support.tls_sandbox import running_tls_sandbox


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tls")
    tls_files(made, ["sandbox.localhost", "10.1.2.3"])
    return made


def ask(url: str, trusted: Path | bool, path: str = "/_sandbox/clock") -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        verify = str(trusted) if isinstance(trusted, Path) else trusted
        return http.get(url + path, headers={"Feature": "sandbox-feature"}, verify=verify, timeout=10)


def test_who_trusts_its_authority_gets_in_and_nobody_else(folder: Path) -> None:
    with running_tls_sandbox(folder) as sandbox:
        assert sandbox.url.startswith("https://127.0.0.1:")
        assert ask(sandbox.url, folder / "ca.pem").ok
        assert ask(sandbox.url.replace("127.0.0.1", "localhost"), folder / "ca.pem").ok
        with pytest.raises(requests.exceptions.SSLError):
            ask(sandbox.url, True)
        with pytest.raises(requests.exceptions.ConnectionError):
            ask(sandbox.url.replace("https", "http"), True)


def test_salesforce_names_itself_by_https(folder: Path) -> None:
    with running_tls_sandbox(folder) as sandbox:
        assert sandbox.sign_in()["instance_url"] == sandbox.url


def test_a_call_can_be_cut_over_tls_too(folder: Path) -> None:
    with running_tls_sandbox(folder) as sandbox:
        sandbox.fault("cut_after", path="/v2/.*")
        with pytest.raises(requests.exceptions.ConnectionError):
            ask(sandbox.url, folder / "ca.pem", "/v2/users/fields")


def test_the_certificate_is_for_this_machine_and_the_names_given(folder: Path) -> None:
    server = x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "sandbox.localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
    ]
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    server.verify_directly_issued_by(authority)


def test_the_keys_are_nobody_elses_and_the_authority_signs_nothing_more(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"ca.pem", "server.pem", "server.key"}
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600
    key = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None).public_key()
    assert key == x509.load_pem_x509_certificate((folder / "server.pem").read_bytes()).public_key()


def test_certificates_that_are_there_are_served_as_they_are(folder: Path, tmp_path: Path) -> None:
    for name in ("server.pem", "server.key"):
        shutil.copy(folder / name, tmp_path / name)
    given = tls_files(tmp_path)
    assert given.authority is None
    assert given.certificate.read_bytes() == (folder / "server.pem").read_bytes()


def test_half_a_pair_and_an_expired_certificate_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "server.key", tmp_path / "server.key")
    with pytest.raises(ValueError, match=r"needs both server\.pem and server\.key"):
        tls_files(tmp_path)
    key = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    now, name = datetime.now(UTC), x509.Name([])
    begun = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
    )
    old = (
        begun.not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "server.pem").write_bytes(old.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(ValueError, match="has expired"):
        tls_files(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--tls", str(tmp_path / "file")]
    ran = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("sandbox: ")
    assert "Traceback" not in ran.stderr


def test_only_over_tls_may_it_leave_this_machine() -> None:
    with pytest.raises(ValueError, match="without --tls the sandbox listens on loopback only"):
        listen("0.0.0.0", 0)  # noqa: S104 - that is what is refused
    listen("127.0.0.1", 0, tls=True).close()
