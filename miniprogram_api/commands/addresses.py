"""Where the island can be reached: free ports, this machine's address in its network, a certificate for a phone."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOPBACK = "127.0.0.1"
SOMEWHERE_ELSE = ("192.0.2.1", 9)  # documentation address (RFC 5737); nothing is sent, only a route is asked for
CERTIFICATE_DAYS = 365


@dataclass(frozen=True)
class Addresses:
    """Where one start of the island listens. `lan` is this machine's address in its network, None without --lan.

    This machine and its kiosks speak plain HTTP on the loopback; phones come in by HTTPS on the same port of `lan`.
    """

    port: int
    lan: str | None

    @property
    def server(self) -> str:
        """What this machine uses."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def phone(self) -> str | None:
        """What a phone in the same network opens."""
        return f"https://{self.lan}:{self.port}" if self.lan else None

    @property
    def kiosk_port(self) -> int:
        """The pier's kiosk listens on the next one."""
        return self.port + 1

    @property
    def kiosk(self) -> str:
        return f"http://{LOOPBACK}:{self.kiosk_port}"

    @property
    def code_base_url(self) -> str:
        """The start of a code's link; upper case keeps the QR picture small."""
        return (self.phone or self.server).upper()


def lan_address() -> str:
    """This machine's own address towards its network; the loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE_ELSE)
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK


def port_is_free(port: int, host: str = LOOPBACK) -> bool:
    """True when a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def certificate_for(folder: Path, hosts: list[str]) -> tuple[Path, Path]:
    """(certificate, key) as PEM files in `folder`, self-signed for these IP addresses; one that still fits is kept."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not _still_fits(certificate, key, hosts):
        folder.mkdir(parents=True, exist_ok=True)
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key.unlink(missing_ok=True)
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        certificate.write_bytes(_self_signed(private, hosts).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _still_fits(certificate: Path, key: Path, hosts: list[str]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError):
        return False
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    covered = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    a_week = datetime.now(UTC) + timedelta(days=7)
    return key.exists() and set(hosts) <= covered and found.not_valid_after_utc > a_week


def _self_signed(private: ec.EllipticCurvePrivateKey, hosts: list[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tanyu demonstration")])
    now = datetime.now(UTC)
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)) for host in hosts])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
