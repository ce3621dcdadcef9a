"""Three powers apart: what administrators, security officers and auditors may not do to each other or themselves."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from wangge.accounts.models import Post
from wangge.accounts.permissions import ROLES, Permission
from wangge.accounts.rules import MAY_HOLD, mixes_powers, unmakes_power
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import at_once
from wangge.testing.world import Person, World


def post_for(world: World, person: Person, role: str, unit: str = town.DISTRICT) -> dict[str, object]:
    return {"account_id": person.user.pk, "unit_id": world.unit(unit).pk, "role": role, "codes": [unit[:6]]}


def test_the_roles_shipped_hold_nothing_of_another_power() -> None:
    for code, (power, _, _, permissions) in ROLES.items():
        assert mixes_powers(power, permissions) == unmakes_power(power, permissions) == [], code


def test_every_permission_can_be_held_by_somebody() -> None:
    assert frozenset().union(*MAY_HOLD.values()) == frozenset(Permission)


@pytest.mark.parametrize("role", ["administrator", "security_officer", "auditor"])
def test_nobody_who_works_also_holds_a_power(world: World, role: str) -> None:
    officer = world["security_officer" if role == "security_officer" else "administrator"]
    answer = api_as(officer).post("/api/posts", post_for(world, world["street_seat"], role))
    assert (answer.status_code, answer.json()["code"]) == {
        "administrator": (409, "post.two_powers"),
        "security_officer": (409, "post.two_powers"),
        "auditor": (403, "account.other_power"),
    }[role]
    allowed = api_as(world["administrator"]).post("/api/posts", post_for(world, world["street_seat"], "assessor"))
    assert allowed.status_code == 201


def test_the_database_refuses_two_powers_whoever_writes(world: World) -> None:
    def give(role: str) -> None:
        with transaction.atomic():
            Post.objects.create(
                user=world["street_seat"].user,
                unit=world.unit(town.DISTRICT),
                role=world.roles[role],
                valid_from=date(2026, 1, 1),
            )

    with pytest.raises(IntegrityError, match="two powers"):
        give("auditor")
    give("assessor")
    world["street_seat"].post.delete()
    Post.objects.filter(user=world["street_seat"].user).update(valid_to=date(2026, 2, 1))
    with pytest.raises(IntegrityError, match="two powers"):
        give("auditor")  # the other post is over since, but both held for January


def test_two_officers_at_once_do_not_give_one_person_two_powers(committed_world: World) -> None:
    world = committed_world
    admin = api_as(world["administrator"])
    new = admin.post("/api/accounts", {"username": "newcomer", "name": "新人"}).json()["account"]["id"]
    unit = world.unit(town.DISTRICT).pk
    security = api_as(world["security_officer"])
    statuses = at_once(
        lambda: admin.post("/api/posts", {"account_id": new, "unit_id": unit, "role": "assessor"}).status_code,
        lambda: (
            security.post("/api/posts", {"account_id": new, "unit_id": unit, "role": "security_officer"}).status_code
        ),
    )
    assert sorted(map(str, statuses)) == ["201", "409"]


@pytest.mark.parametrize("other", ["security_officer", "auditor"])
@pytest.mark.parametrize("deed", ["reset-password", "disable"])
def test_an_administrator_does_not_touch_security_or_audit(world: World, other: str, deed: str) -> None:
    admin = api_as(world["administrator"])
    refused = admin.post(f"/api/accounts/{world[other].user.pk}/{deed}")
    assert (refused.status_code, refused.json()["code"]) == (403, "account.other_power")
    revoked = admin.delete(f"/api/posts/{world[other].post.pk}")
    assert (revoked.status_code, revoked.json()["code"]) == (403, "account.other_power")
    assert admin.post(f"/api/accounts/{world['street_seat'].user.pk}/{deed}").status_code == 200


@pytest.mark.parametrize("role", ["security_officer", "auditor"])
def test_an_administrator_makes_no_officer_of_another_power(world: World, role: str) -> None:
    body = {"username": "newcomer", "name": "新人", "post": {"unit_id": world.unit(town.DISTRICT).pk, "role": role}}
    admin = api_as(world["administrator"])
    refused = admin.post("/api/accounts", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "account.other_power")
    body["post"]["role"] = "administrator"  # type: ignore[index]
    assert admin.post("/api/accounts", body).status_code == 201


def test_nobody_makes_auditors_over_the_wire(world: World) -> None:
    body = {
        "username": "newcomer",
        "name": "新人",
        "post": {"unit_id": world.unit(town.DISTRICT).pk, "role": "auditor"},
    }
    for officer in ("administrator", "security_officer", "auditor"):
        assert api_as(world[officer]).post("/api/accounts", body).status_code == 403
    body["post"]["role"] = "security_officer"  # type: ignore[index]
    assert api_as(world["security_officer"]).post("/api/accounts", body).status_code == 201


@pytest.mark.parametrize("officer", ["administrator", "security_officer"])
def test_nobody_gives_themself_anything(world: World, officer: str) -> None:
    me, api = world[officer], api_as(world[officer])
    role = "administrator" if officer == "administrator" else "security_officer"
    own = "account.own"
    assert api.post("/api/posts", post_for(world, me, role)).json()["code"] == own
    assert api.delete(f"/api/posts/{me.post.pk}").json()["code"] == own
    assert api.patch(f"/api/accounts/{me.user.pk}", {"name": "别名"}).json()["code"] == own
    assert api.post(f"/api/accounts/{me.user.pk}/reset-password").json()["code"] == own
    assert api.post(f"/api/accounts/{me.user.pk}/unlock").json()["code"] == own


def test_what_a_role_may_do_is_the_security_officers_alone(world: World) -> None:
    wanted = {"permissions": ["case.read", "grid.read"]}
    for other in ("administrator", "auditor", "commander"):
        assert api_as(world[other]).patch("/api/roles/assessor", wanted).status_code == 403
    assessor = api_as(world["assessor"])
    assert "dashboard.read" in assessor.get("/api/session").json()["permissions"]
    answer = api_as(world["security_officer"]).patch("/api/roles/assessor", wanted)
    assert answer.json()["permissions"] == ["case.read", "grid.read"]
    assert assessor.get("/api/session").json()["permissions"] == ["case.read", "grid.read"]  # at once
    entry = JournalEntry.objects.get(kind="role.changed")
    assert entry.data["removed"] == ["case.export", "dashboard.read", "wall.read"]


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("commander", "account.edit"),
        ("street_seat", "journal.read"),
        ("administrator", "security.edit"),
        ("administrator", "journal.read"),
        ("administrator", "case.read"),
        ("security_officer", "account.edit"),
        ("auditor", "role.edit"),
    ],
)
def test_a_role_does_not_mix_powers(world: World, role: str, permission: str) -> None:
    security = api_as(world["security_officer"])
    held = next(found["permissions"] for found in security.get("/api/roles").json() if found["code"] == role)
    answer = security.patch(f"/api/roles/{role}", {"permissions": [*held, permission]})
    assert (answer.status_code, answer.json()["code"]) == (409, "role.mixes_powers")
    assert permission in answer.json()["message"]
    assert security.patch(f"/api/roles/{role}", {"permissions": held}).status_code == 200


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("auditor", "journal.read"),
        ("security_officer", "role.edit"),
        ("security_officer", "security.edit"),
        ("administrator", "account.edit"),
    ],
)
def test_a_power_is_not_taken_from_those_who_hold_it(world: World, role: str, permission: str) -> None:
    """Nobody could give it back: what a role may do is changed by the security officer's role alone."""
    security = api_as(world["security_officer"])
    held = next(found["permissions"] for found in security.get("/api/roles").json() if found["code"] == role)
    rest = [one for one in held if one != permission]
    answer = security.patch(f"/api/roles/{role}", {"permissions": rest})
    assert (answer.status_code, answer.json()["code"]) == (409, "role.unmakes_power")
    assert permission in answer.json()["message"]
    after = next(found["permissions"] for found in security.get("/api/roles").json() if found["code"] == role)
    assert after == held
    assert security.patch(f"/api/roles/{role}", {"permissions": held}).status_code == 200


def test_a_permission_that_does_not_exist_is_refused(world: World) -> None:
    security = api_as(world["security_officer"])
    assert security.patch("/api/roles/assessor", {"permissions": ["case.everything"]}).status_code == 422
    assert security.patch("/api/roles/nobody", {"permissions": []}).status_code == 404


def test_a_second_factor_is_made_compulsory_by_security_alone(world: World) -> None:
    path = f"/api/units/{world.unit(town.STREET).pk}"
    assert api_as(world["administrator"]).patch(path, {"totp_required": True}).status_code == 403
    assert api_as(world["security_officer"]).patch(path, {"name": "改名"}).status_code == 403
    assert api_as(world["security_officer"]).patch(path, {"totp_required": True}).json()["totp_required"] is True
    assert api_as(world["administrator"]).patch(path, {"name": "改名"}).json()["name"] == "改名"


def test_only_the_auditor_reads_the_journal(world: World) -> None:
    for key in ("administrator", "security_officer", "commander", "street_seat", "grid_worker"):
        assert api_as(world[key]).get("/api/journal").status_code == 403
    assert api_as(world["auditor"]).get("/api/journal").status_code == 200
