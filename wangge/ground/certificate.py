"""A certificate for `wangge up --https`: phones give place and camera to secure pages only.

The authority that phones install is made once (authority.pem, its key beside it, both for the owner alone); what it
signs is made anew with the machine's addresses. Run as a program (`python -m wangge.ground.certificate FOLDER NAME…`),
so that the supervisor never holds the cryptography.
"""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme

RENEW_S = 30 * 24 * 3600
LIFE_S = 365 * 24 * 3600


def ensure(folder: Path) -> tuple[Path, Path]:
    """Certificate and key, made anew when the machine's addresses changed or the year is nearly over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), *addresses()]
    chain, key, about = folder / "certificate.pem", folder / "key.pem", folder / "about.json"
    if not _still_good(about, names):
        subprocess.run([sys.executable, "-m", __name__, str(folder), *names], check=True)
        about.write_text(json.dumps({"names": names, "until": time.time() + LIFE_S - RENEW_S}))
    return chain, key


def addresses() -> list[str]:
    """Addresses by which other machines reach this one; asked of the routing table, nothing is sent."""
    found = []
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
                found.append(str(probe.getsockname()[0]))
            except OSError:
                continue
    return found


def _still_good(about: Path, names: list[str]) -> bool:
    try:
        known = json.loads(about.read_text())
    except (OSError, ValueError):
        return False
    return bool(known["names"] == names and known["until"] > time.time())


def _make(folder: Path, names: list[str]) -> None:
    from datetime import UTC, datetime

    os.umask(0o077)
    authority = _authority(folder)
    until = datetime.fromtimestamp(time.time() + LIFE_S, tz=UTC)
    issued = authority.issue_cert(*dict.fromkeys(names), not_after=until, common_name="wangge")
    chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    (folder / "certificate.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(_pkcs8(issued.private_key_pem.bytes()))


def _authority(folder: Path) -> "trustme.CA":
    import trustme

    certificate, key = folder / "authority.pem", folder / "authority-key.pem"
    known = _known_authority(certificate, key)
    if known is not None:
        return known
    made = trustme.CA(organization_name="wangge", organization_unit_name="local")
    made.private_key_pem.write_to_path(str(key))
    made.cert_pem.write_to_path(str(certificate))
    return made


def _known_authority(certificate: Path, key: Path) -> "trustme.CA | None":
    """None also where one half is missing or another's, as after a kill while they were written."""
    import trustme
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        shown, secret = certificate.read_bytes(), key.read_bytes()
        theirs = load_pem_private_key(secret, password=None).public_key()
        return (
            trustme.CA.from_pem(shown, secret) if x509.load_pem_x509_certificate(shown).public_key() == theirs else None
        )
    except (FileNotFoundError, ValueError):
        return None


def _pkcs8(pem: bytes) -> bytes:
    """granian reads no other form."""
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(pem, password=None)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


if __name__ == "__main__":
    _make(Path(sys.argv[1]), sys.argv[2:])
