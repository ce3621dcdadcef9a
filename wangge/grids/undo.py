"""What a planned redrawing keeps so that it can be cancelled: which grids it made, and the services it cut short."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from wangge.grids.models import TeamMember

FIELDS = ("grid", "kind", "profession", "name", "user_id", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as it stood before."""

    id: int
    valid_from: date
    valid_to: date | None
    rest: dict[str, Any]

    @classmethod
    def of(cls, member: TeamMember) -> Self:
        rest = {name: getattr(member, name) for name in FIELDS}
        return cls(id=member.pk, valid_from=member.valid_from, valid_to=member.valid_to, rest=rest)

    def as_json(self) -> dict[str, Any]:
        until = self.valid_to.isoformat() if self.valid_to else None
        return {"id": self.id, "valid_from": self.valid_from.isoformat(), "valid_to": until, "rest": self.rest}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        until = date.fromisoformat(kept["valid_to"]) if kept["valid_to"] else None
        since = date.fromisoformat(kept["valid_from"])
        return cls(id=kept["id"], valid_from=since, valid_to=until, rest=kept["rest"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    created: Sequence[str] = ()
    services: Sequence[Service] = field(default_factory=tuple)
    joined: Sequence[int] = ()  # services begun on grids that were there before

    def as_json(self) -> dict[str, Any]:
        services = [one.as_json() for one in self.services]
        return {"created": list(self.created), "services": services, "joined": list(self.joined)}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            created=tuple(kept.get("created", ())),
            services=tuple(Service.read(one) for one in kept.get("services", ())),
            joined=tuple(kept.get("joined", ())),
        )
