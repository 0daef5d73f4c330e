"""TLS for the sandbox: certificates that are given, or a server certificate under an authority of its own,
made on the spot."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_GOOD_FOR = timedelta(days=825)  # the longest that every common client accepts
_EARLY = timedelta(hours=1)  # clocks differ


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where things are: what clients trust (``authority``, None with given certificates), and what the server
    shows and keeps."""

    authority: Path | None
    certificate: Path
    key: Path


def tls_files(folder: Path, names: Iterable[str] = ()) -> TlsFiles:
    """The files to serve with: ``server.pem`` and ``server.key`` of ``folder`` where they are there, else
    made for this machine and ``names``, together with ``ca.pem``. Raises ValueError for half a pair and for
    an expired certificate, OSError where nothing can be written."""
    authority, certificate, key = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    if certificate.exists() != key.exists():
        raise ValueError(f"{folder} needs both server.pem and server.key, or neither of them")
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(authority, certificate, key, (*LOCAL_NAMES, *names))
    elif x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc < datetime.now(UTC):
        raise ValueError(
            f"{certificate} has expired; put a newer one there, or remove it and server.key to have new ones"
            " made"
        )
    return TlsFiles(authority if authority.exists() else None, certificate, key)


def _make(authority: Path, certificate: Path, key: Path, names: Iterable[str]) -> None:
    """Write all three. The authority's key is never kept: nobody can sign anything else with it."""
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandbox authority, for rehearsals only")])
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = (
        _begun(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(ca_id, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    server = (
        _begun(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandbox")]), ca_name, server_key.public_key()
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(server_key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    private = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)
    authority.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    begun = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
    )
    return begun.not_valid_before(now - _EARLY).not_valid_after(now + _GOOD_FOR)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
