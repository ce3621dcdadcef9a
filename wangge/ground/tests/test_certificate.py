"""A phone installs the authority once; the house may move to another address."""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from wangge.ground import certificate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "addresses", lambda: [address])


def addresses_in(chain: Path) -> list[str]:
    names = x509.load_pem_x509_certificate(chain.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    return [str(address) for address in names.value.get_values_for_type(x509.IPAddress)]


def test_another_address_is_another_certificate_of_the_same_authority(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("192.0.2.7", monkeypatch)
    chain, _ = certificate.ensure(folder)
    authority = (folder / "authority.pem").read_bytes()
    at("198.51.100.9", monkeypatch)
    chain, key = certificate.ensure(folder)
    assert "198.51.100.9" in addresses_in(chain) and "192.0.2.7" not in addresses_in(chain)
    assert (folder / "authority.pem").read_bytes() == authority
    x509.load_pem_x509_certificate(chain.read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate(authority)
    )
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(chain, key)


def test_the_same_address_is_the_same_certificate(folder: Path) -> None:
    chain, _ = certificate.ensure(folder)
    before = chain.read_bytes()
    assert certificate.ensure(folder)[0].read_bytes() == before


@pytest.mark.parametrize("name", ["authority-key.pem", "authority.pem"])
@pytest.mark.parametrize("how", ["lost", "cut short", "another's"])
def test_an_authority_that_is_not_whole_is_made_anew(
    folder: Path, name: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("192.0.2.7", monkeypatch)
    certificate.ensure(folder)
    certificate.ensure(folder.with_name("another"))
    if how == "lost":
        (folder / name).unlink()
    else:
        other = (folder.with_name("another") / name).read_bytes()
        (folder / name).write_bytes(other if how == "another's" else other[:60])
    at("198.51.100.9", monkeypatch)
    chain, _ = certificate.ensure(folder)
    x509.load_pem_x509_certificate(chain.read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
    )


def test_the_keys_are_for_their_owner_alone(folder: Path) -> None:
    certificate.ensure(folder)
    for name in ("key.pem", "authority-key.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
