"""What is looked at of a request with a batch: a few of its headers, read once."""

from dataclasses import dataclass

from starlette.types import Scope

WANTED = frozenset({b"host", b"origin", b"cookie", b"accept-language", b"content-length", b"content-encoding"})


@dataclass(frozen=True, slots=True)
class Asked:
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: Scope) -> "Asked":
        found: dict[str, str] = {}
        for name, value in scope["headers"]:
            if name in WANTED:
                key, text = name.decode("latin-1"), value.decode("latin-1")
                found[key] = f"{found[key]}; {text}" if key == "cookie" and key in found else text
        return cls(found)

    def cookie(self, name: str) -> str:
        """Empty when there is none; the last of several, as Django reads them."""
        found = ""
        for part in self.headers.get("cookie", "").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                found = value
        return found
