"""Units, people, roles, posts and sign-ins. Somebody with two posts chooses which one they act in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from wangge.accounts.permissions import Permission, Power
from wangge.core.sealed import SealedField

C = "C"  # codes and paths sort by byte, so that a prefix is a range


class Unit(models.Model):
    """A centre (市/区/街道/社区), a department, or a branch of one."""

    class Kind(models.TextChoices):
        CENTRE = "centre", "指挥中心"
        DEPARTMENT = "department", "部门"
        BRANCH = "branch", "部门分支"

    code = models.TextField(unique=True, db_collation=C)
    name = models.TextField()
    short_name = models.TextField(blank=True, default="")
    kind = models.TextField(choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="branches")
    path = models.TextField(unique=True, db_collation=C)  # codes from the root, each followed by "/"
    division = models.TextField(db_collation=C)  # significant digits of the division it serves
    phone = models.TextField(blank=True, default="")  # an office's own number, published
    totp_required = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="unit_period"
            ),
            models.CheckConstraint(condition=Q(path__endswith="/"), name="unit_path_ends_with_slash"),
        ]
        indexes = [models.Index(fields=["division", "kind"], name="accounts_unit_division")]

    def __str__(self) -> str:
        return self.name

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {"name": self.name, "short_name": self.short_name, "phone": self.phone}  # and what its history keeps

    @property
    def root_path(self) -> str:
        """The path of the whole department a branch belongs to (a query for each step up); others are their own."""
        unit = self
        while unit.kind == Unit.Kind.BRANCH and unit.parent is not None:
            unit = unit.parent
        return unit.path

    @property
    def paths_above(self) -> list[str]:
        """Its own path and those of the units it stands under."""
        steps = self.path.split("/")[:-1]
        return ["/".join(steps[: depth + 1]) + "/" for depth in range(len(steps))]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with an account. Telephones are sealed (core/crypto.py)."""

    username = models.TextField(unique=True)
    name = models.TextField()
    phone_sealed = SealedField(null=True, row="{0.username}")
    phone_hash = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # signs in from loopback only
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    totp_sealed = SealedField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_step = models.BigIntegerField(default=0)  # newest accepted step: a code is good once
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {"name": self.name, "phone": bytes(self.phone_hash or b"").hex()}


class Role(models.Model):
    code = models.TextField(unique=True)
    power = models.TextField(choices=[(power, power) for power in Power])
    name_zh = models.TextField()
    name_en = models.TextField()
    permissions = ArrayField(models.TextField())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {"permissions": sorted(self.permissions)}  # and what its history keeps (settings_kept.py)


class PostQuerySet(models.QuerySet["Post"]):
    def open_on(self, day: Any) -> "PostQuerySet":
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def held_on(self, day: Any) -> "PostQuerySet":
        """Somebody may act in it: nobody whose account is closed, though the post goes on in the books."""
        return self.open_on(day).filter(revoked_at=None, user__is_active=True)

    def on_foot(self, day: Any) -> "PostQuerySet":
        """Who walks and visits in the grids of `codes`. The one statement of who serves there."""
        return self.held_on(day).filter(role__permissions__contains=[Permission.FIELD_WORK])


class Post(models.Model):
    """One person in one unit with one role, and the divisions or grids it looks after, from–to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    title = models.TextField(blank=True, default="")
    codes = ArrayField(models.TextField(), default=list)  # prefixes; empty: the unit's own cases only
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # when its end by date was put on the record

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="post_period"
            ),
            ExclusionConstraint(
                name="post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.unit_id}"


class Session(models.Model):
    """One sign-in: listed, revocable, ended by idleness. The cookie's token is kept as its SHA-256 only."""

    class Stage(models.TextChoices):
        TOTP = "totp_required", "等待第二因子"
        PASSWORD = "change_password", "必须修改初始密码"
        POST = "choose_post", "等待选择岗位"
        OPEN = "signed_in", "已登录"

    token_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="sessions")
    stage = models.TextField(choices=Stage.choices)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    totp_at = models.DateTimeField(null=True)  # when its second factor was given; a password alone leaves it empty
    address = models.GenericIPAddressField(null=True)
    agent = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "ended_at"], name="accounts_session_user")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class PartnerSystem(models.Model):
    """Another system that may report cases, or send what its department keeps: signs each request with its key, acts
    within its codes."""

    code = models.TextField(unique=True)
    name = models.TextField()
    key_sealed = SealedField(row="{0.code}")
    # The one before, good until then.
    old_key_sealed = SealedField(null=True, context="accounts_partnersystem.key", row="{0.code}")
    old_key_until = models.DateTimeField(null=True)
    old_key_used_at = models.DateTimeField(null=True)  # to the minute: whether the partner has changed over
    codes = ArrayField(models.TextField())
    permissions = ArrayField(models.TextField())
    department = models.TextField(blank=True, default="")  # core/departments.py: whose word its records are
    kinds = ArrayField(models.TextField(), default=list, blank=True)  # of records it may send
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds=[]) | ~Q(department=""), name="partner_sends_records_as_a_department"
            ),
            models.CheckConstraint(
                condition=Q(old_key_sealed__isnull=True, old_key_until__isnull=True)
                | Q(old_key_sealed__isnull=False, old_key_until__isnull=False),
                name="partner_old_key_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {name: getattr(self, name) for name in ("name", "codes", "permissions", "department", "kinds")}


class PartnerNonce(models.Model):
    """A request that was taken: the same one again is refused while its time is still good (partners.py)."""

    partner = models.ForeignKey(PartnerSystem, on_delete=models.CASCADE, related_name="nonces")
    nonce = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "nonce"], name="partner_nonce_once")]
        indexes = [models.Index(fields=["at"], name="accounts_nonce_at")]

    def __str__(self) -> str:
        return f"{self.partner_id}:{self.nonce}"
