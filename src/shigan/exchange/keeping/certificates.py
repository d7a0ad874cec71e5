"""https without buying anything: an authority of the office's own and the server's certificate.

The authority may vouch for the names and addresses alone for which it was made (critical name constraints):
if its key is ever stolen, a browser that trusts it still refuses a false bank.

SOURCE: RFC 5280 (4.2.1.9 basic constraints, 4.2.1.10 name constraints); CA/Browser Forum Baseline
Requirements 6.3.2 for the 397 days of a server's certificate.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shigan.facts.faults import Fault, _

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
ALWAYS = ("localhost", "127.0.0.1")
"""The server's own computer may always call it."""


@dataclass(frozen=True)
class Files:
    """Where the certificates of an installation lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What every PC of the office is told to trust."""
        return self.folder / "ca.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "ca.key"

    @property
    def server(self) -> Path:
        """The server's certificate and the authority's after it."""
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        return self.folder / "server.key"


def files(data: Path) -> Files:
    return Files(data / "tls")


def make(own: Files, hosts: Sequence[str], now: datetime | None = None, *, anew: bool = False) -> list[str]:
    """A server certificate for host names and IP addresses; the authority is made where there is none.

    Without `hosts` the names of the present certificate are kept. Returns the names. `anew` makes another
    authority, which every PC must be told to trust again. Raises `Fault` for a name that the authority may
    not vouch for.
    """
    now, names = now or datetime.now(UTC), list(dict.fromkeys([*(hosts or _present(own)), *ALWAYS]))
    own.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if anew or not own.authority.exists():
        _make_authority(own, names, now)
    _must_cover(x509.load_pem_x509_certificate(own.authority.read_bytes()), names)
    issue(own, names, now)
    return names


def issue(own: Files, names: Sequence[str], now: datetime) -> None:
    """Sign a server certificate with a fresh key, whether or not browsers will accept it for these names."""
    authority = x509.load_pem_x509_certificate(own.authority.read_bytes())
    signer = load_pem_private_key(own.authority_key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    made = _begun(names[0], key, authority.subject, now, SERVER_DAYS)
    made = made.add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    certificate = made.sign(signer, hashes.SHA256())
    _put(own.server_key, _pem(key))
    _put(own.server, certificate.public_bytes(Encoding.PEM) + own.authority.read_bytes())


def fingerprint(own: Files) -> str:
    """SHA-256 of the authority's certificate, as browsers show it: to be compared when it is installed."""
    certificate = x509.load_pem_x509_certificate(own.authority.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def days_left(own: Files, now: datetime | None = None) -> int:
    """Days until the server's certificate ends. Raises `Fault` where there is none, or it has ended."""
    if not own.server.exists() or not own.server_key.exists():
        raise Fault(_("还没有服务器证书"), remedy=_("请先运行 shigan tls。"))
    certificate = x509.load_pem_x509_certificate(own.server.read_bytes())
    left = certificate.not_valid_after_utc - (now or datetime.now(UTC))
    if left <= timedelta():
        raise Fault(_("服务器证书已过期"), remedy=_("请运行 shigan tls 换新；各台电脑不必改动。"))
    return left.days


def _present(own: Files) -> list[str]:
    if not own.server.exists():
        raise Fault(_("没有写明服务器的名称"), remedy=_("请写上各台电脑访问时用的名称或地址，如 10.0.0.5。"))
    certificate = x509.load_pem_x509_certificate(own.server.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def _make_authority(own: Files, names: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"Shigan {names[0]} {now:%Y-%m-%d}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    made = _begun(title, key, subject, now, AUTHORITY_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(
        x509.NameConstraints([_subtree(name) for name in names], excluded_subtrees=None), critical=True
    )
    made = made.add_extension(_only_signs(), critical=True)
    certificate = made.sign(key, hashes.SHA256())
    _put(own.authority_key, _pem(key))
    _put(own.authority, certificate.public_bytes(Encoding.PEM))


def _begun(
    title: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, now: datetime, days: int
) -> x509.CertificateBuilder:
    """What both certificates have in common; they begin a day early, for clocks that go behind."""
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days - 1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _only_signs() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _general(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(_ascii(name)))
    return found


def _subtree(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_network(name))
    except ValueError:
        return x509.DNSName(_ascii(name))


def _ascii(name: str) -> str:
    """A host name as certificates write it. Raises `Fault` for what is none."""
    try:
        known = name.encode("idna").decode()
    except UnicodeError:
        known = ""
    if not known or not all(part.replace("-", "").isalnum() for part in known.split(".")):
        raise Fault(
            _("“{name}”不是服务器名称或地址"), remedy=_("只写名称或 IP，不写 https:// 和端口。"), name=name
        )
    return known


def _must_cover(authority: x509.Certificate, names: Sequence[str]) -> None:
    """Browsers refuse what the authority may not vouch for: better told now than by every PC."""
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = {str(each.value) for each in constraints.permitted_subtrees or ()}
    for general in _general(names):
        if isinstance(general, x509.IPAddress):
            inside = str(ip_network(str(general.value))) in allowed
        else:
            inside = any(f".{general.value}".endswith(f".{name}") for name in allowed)
        if not inside:
            raise Fault(
                _("现有的根证书不能为 {name} 担保"),
                remedy=_("请加 --new-ca 重新建根证书，再在各台电脑上重新信任它。"),
                name=str(general.value),
            )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _put(path: Path, data: bytes) -> None:
    """A file that only its owner may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
