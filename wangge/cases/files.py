"""Where the bytes of evidence lie: as they came, and as they are served."""

from pathlib import Path

from django.conf import settings

from wangge.cases.evidence.sniff import Limits
from wangge.cases.evidence.store import ContentStore

_MB = 1024 * 1024


def originals() -> ContentStore:
    """With the metadata that make them evidence; for few eyes."""
    return ContentStore(Path(settings.FILES) / "originals")


def served() -> ContentStore:
    """Copies without place, device and author, and the small pictures."""
    return ContentStore(Path(settings.FILES) / "served")


def limits(*, public: bool = False) -> Limits:
    sizes = settings.PUBLIC_EVIDENCE_MB if public else settings.EVIDENCE_MB
    return Limits(**{kind: megabytes * _MB for kind, megabytes in sizes.items()})
