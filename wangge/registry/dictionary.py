"""The data dictionary: what may be stored of people, dwellings and organisations, and what for (ADR 20).

A field that is not here cannot be stored, shown or imported. What the national sheets hold beyond it is listed under
REFUSED with the reason. 个人信息保护法 §6: the least that a duty needs.
"""

from dataclasses import dataclass
from enum import StrEnum

from wangge.registry.rules.winning import Policy


class Sensitivity(StrEnum):
    OPEN = "open"  # shown to whoever sees the record
    MASKED = "masked"  # shown in part; whole on revealing
    SEALED = "sealed"  # encrypted; shown in part; whole on revealing


class Type(StrEnum):
    LINE = "line"
    NAME = "name"
    CODE = "code"  # of the list named by `codes`
    DATE = "date"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLAG = "flag"
    IDENTITY = "identity"  # sealed, found by hash; with id_type it is another document's number
    PHONE = "phone"  # sealed, found by hash
    SECRET = "secret"  # noqa: S105 - sealed text (e-mail, permit numbers), not found by
    REGION = "region"  # GB/T 2260, six digits
    CREDIT = "credit"  # GB 32100


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`fresh_days`: 0 never goes stale. `kept`: days after the record's end until the field is emptied; the longest of
    people's ends the whole record."""

    name: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    type: Type = Type.LINE
    codes: str = ""
    owner: str = ""  # the department whose word it is: civil (民政), police (公安), market (市场监管), housing (住建)
    sensitivity: Sensitivity = Sensitivity.OPEN
    wins: Policy = Policy.NEWEST
    fresh_days: int = 365
    kept: int = 730
    longest: int = 100
    required: bool = False

    @property
    def is_sealed(self) -> bool:
        return self.sensitivity is Sensitivity.SEALED

    @property
    def is_found(self) -> bool:
        """By the keyed hash of its whole value."""
        return self.type in (Type.IDENTITY, Type.PHONE)


@dataclass(frozen=True, slots=True)
class Refused:
    """A column of the national sheets that is not kept, under every heading it comes with."""

    headings: tuple[str, ...]
    zh: str
    en: str


S = Sensitivity
_TIE = ("联系到人、上门服务", "to reach the person and serve them at home")
_WHO = ("辨认身份、避免重复登记", "to know who it is and register nobody twice")
_PLAN = ("公共服务需求测算", "to plan public services")
_RENT = ("出租房屋安全管理（江苏省流动人口服务管理）", "safety of rented dwellings")
_FIND = ("按标准地址定位", "to find the place by its standard address")
_FIRE = ("消防与安全检查", "for fire and safety inspections")
_ORG = ("服务企业、安全责任落实", "to serve organisations and know who answers for safety")


def _f(name: str, zh: str, en: str, why: tuple[str, str], **more: object) -> Field:
    return Field(name=name, zh=zh, en=en, why_zh=why[0], why_en=why[1], **more)  # type: ignore[arg-type]


# Days after somebody's record ended: to reach them serves nothing then; what services were planned with is asked about
# for a year; who it was, and where, for two.
_REACHED, _PLANNED = 180, 365

PERSON = (
    _f("name", "姓名", "Name", _WHO, type=Type.NAME, owner="police", wins=Policy.OWNER, required=True, longest=50),
    _f("former_name", "曾用名", "Former name", _WHO, type=Type.NAME, longest=50, fresh_days=0),
    _f("id_type", "证件类型", "Document", _WHO, type=Type.CODE, codes="id_type", fresh_days=0),
    _f(
        "id_number", "证件号码", "Document number", _WHO,
        type=Type.IDENTITY, owner="police", wins=Policy.OWNER, sensitivity=S.SEALED, fresh_days=0, longest=32,
    ),
    _f("sex", "性别", "Sex", _PLAN, type=Type.CODE, codes="sex", owner="police", wins=Policy.OWNER, fresh_days=0),
    _f("birth_date", "出生日期", "Born", ("法定待遇提醒", "statutory entitlements"), type=Type.DATE, owner="police",
       wins=Policy.OWNER, sensitivity=S.MASKED, fresh_days=0),
    _f("phone", "联系电话", "Telephone", _TIE, type=Type.PHONE, sensitivity=S.SEALED, fresh_days=180, longest=40,
       kept=_REACHED),
    _f("email", "电子邮箱", "E-mail", _TIE, type=Type.SECRET, sensitivity=S.SEALED, longest=100, kept=_REACHED),
    _f("registration", "人口类别", "Registration", _PLAN, type=Type.CODE, codes="registration", owner="police",
       wins=Policy.OWNER, required=True),
    _f("native_place", "籍贯", "Native place", _PLAN, type=Type.REGION, fresh_days=0, kept=_PLANNED),
    _f("marital", "婚姻状况", "Marital status", ("婚育服务", "marriage and family services"), type=Type.CODE,
       codes="marital", owner="civil", wins=Policy.OWNER, sensitivity=S.MASKED, kept=_PLANNED),
    _f("education", "学历", "Education", _PLAN, type=Type.CODE, codes="education", fresh_days=1095, kept=_PLANNED),
    _f("occupation", "职业", "Occupation", _PLAN, longest=30, kept=_PLANNED),
    _f("employer", "服务处所", "Employer", _PLAN, longest=100, kept=_PLANNED),
    _f("household_region", "户籍地", "Household region", _PLAN, type=Type.REGION, owner="police", wins=Policy.OWNER),
    _f("household_address", "户籍门（楼）详址", "Household address", _TIE, sensitivity=S.MASKED, longest=80,
       owner="police", wins=Policy.OWNER),
    _f("residence_address", "现住门（楼）详址", "Residence address", _TIE, longest=80),
    _f("inflow_reason", "流入原因", "Reason for coming", _PLAN, type=Type.CODE, codes="inflow_reason", kept=_PLANNED),
    _f("permit_type", "办证类型", "Permit", ("居住证到期提醒", "reminders before a permit ends"), type=Type.CODE,
       codes="permit_type", owner="police", wins=Policy.OWNER, kept=_PLANNED),
    _f("permit_number", "证件（居住证）号码", "Permit number", _WHO, type=Type.SECRET, sensitivity=S.SEALED,
       owner="police", wins=Policy.OWNER, longest=32, kept=_PLANNED),
    _f("permit_expires", "证件到期日期", "Permit ends", ("居住证到期提醒", "reminders before a permit ends"),
       type=Type.DATE, owner="police", wins=Policy.OWNER, kept=_PLANNED),
)  # fmt: skip

BUILDING = (
    _f("name", "楼栋名称", "Name", _FIND, longest=100),
    _f("address", "地址", "Address", _FIND, required=True, longest=200),
    _f("use", "建筑用途", "Use", _FIRE, type=Type.CODE, codes="use"),
    _f("floors", "地上层数", "Floors", _FIRE, type=Type.INTEGER, fresh_days=0),
    _f("floors_below", "地下层数", "Floors below ground", _FIRE, type=Type.INTEGER, fresh_days=0),
    _f("units", "单元数", "Staircases", _FIRE, type=Type.INTEGER, fresh_days=0),
    _f("built_year", "建成年份", "Built in", _FIRE, type=Type.INTEGER, fresh_days=0),
    _f("has_lift", "有电梯", "Lift", _FIRE, type=Type.FLAG),
)

DWELLING = (
    _f("address", "详细地址", "Address", _FIND, longest=200),
    _f("house_no", "房屋编码", "House code", _FIND, longest=50, owner="police", wins=Policy.OWNER, fresh_days=0),
    _f("unit", "单元", "Staircase", _FIND, longest=20, fresh_days=0),
    _f("floor", "楼层", "Floor", _FIND, type=Type.INTEGER, fresh_days=0),
    _f("room", "户室", "Room", _FIND, longest=20, fresh_days=0),
    _f("use", "用途", "Use", _FIRE, type=Type.CODE, codes="use"),
    _f("area_m2", "建筑面积（㎡）", "Area, m²", _FIRE, type=Type.DECIMAL, owner="housing", wins=Policy.OWNER,
       fresh_days=0),
    _f("owner_kind", "产权性质", "Ownership", _RENT, type=Type.CODE, codes="owner_kind"),
    _f("occupancy", "使用状态", "Occupancy", _RENT, type=Type.CODE, codes="occupancy", fresh_days=180),
    _f("rental_use", "出租用途", "Let for", _RENT, type=Type.CODE, codes="rental_use", fresh_days=180),
    _f("hazard", "隐患类型", "Hazard", _RENT, type=Type.CODE, codes="rental_hazard", fresh_days=90),
    _f("hazard_checked", "隐患检查日期", "Hazard checked on", _RENT, type=Type.DATE, fresh_days=90),
)  # fmt: skip

HOUSEHOLD = (
    _f("number", "户号", "Household number", _WHO, longest=20, owner="police", wins=Policy.OWNER, fresh_days=0),
    _f("registration", "户别", "Kind", _PLAN, type=Type.CODE, codes="registration"),
)

ORGANISATION = (
    _f("name", "名称", "Name", _ORG, required=True, owner="market", wins=Policy.OWNER, longest=100),
    _f("credit_code", "统一社会信用代码", "Credit code", _ORG, type=Type.CREDIT, owner="market", wins=Policy.OWNER,
       fresh_days=0, longest=18),
    _f("kind", "类别", "Kind", _ORG, type=Type.CODE, codes="org_kind", required=True, owner="market",
       wins=Policy.OWNER),
    _f("address", "地址", "Address", _FIND, longest=200),
    _f("phone", "办公电话", "Office telephone", _ORG, type=Type.LINE, longest=50, fresh_days=180),
    _f("staff", "从业人数", "Staff", _FIRE, type=Type.INTEGER),
    _f("hazard", "安全隐患类型", "Hazard", _FIRE, type=Type.CODE, codes="org_hazard", fresh_days=90),
    _f("handles_chemicals", "涉危化品", "Handles dangerous chemicals", _FIRE, type=Type.FLAG),
    _f("has_party", "有党组织", "Has a party organisation", _ORG, type=Type.FLAG),
    _f("has_union", "有工会", "Has a union", _ORG, type=Type.FLAG),
)  # fmt: skip

PLACE = (
    _f("name", "名称", "Name", _FIND, required=True, longest=100),
    _f("kind", "类别", "Kind", _FIND, type=Type.CODE, codes="place_kind", required=True),
    _f("address", "地址", "Address", _FIND, longest=200),
    _f("capacity", "可容纳人数", "Capacity", _FIRE, type=Type.INTEGER),
)

FACILITY = (
    _f("number", "部件编码", "Facility code", _FIND, required=True, longest=20, fresh_days=0),
    _f("kind", "大类", "Class", _FIND, type=Type.CODE, codes="facility_class", required=True),
    _f("name", "名称", "Name", _FIND, required=True, longest=100),
    _f("address", "位置", "Where", _FIND, longest=200),
    _f("state", "状态", "State", _FIRE, type=Type.CODE, codes="facility_state", fresh_days=180),
    _f("manager", "主管部门", "Answers for it", _FIRE, longest=100),
)

KINDS: dict[str, tuple[Field, ...]] = {
    "person": PERSON,
    "building": BUILDING,
    "dwelling": DWELLING,
    "household": HOUSEHOLD,
    "organisation": ORGANISATION,
    "place": PLACE,
    "facility": FACILITY,
}

STALE: tuple[Field, ...] = tuple(field for field in PERSON if field.fresh_days)  # what people have that goes stale

_NOT_NEEDED = ("网格服务没有法定用途，不收集", "no duty of a grid needs it; not collected")
REFUSED = (
    Refused(("民族", "族别", "ethnicity"), *_NOT_NEEDED),
    Refused(("宗教信仰", "宗教", "信仰", "religion"), *_NOT_NEEDED),
    Refused(("政治面貌", "党派", "political_status"), *_NOT_NEEDED),
    Refused(
        ("照片", "人脸", "指纹", "虹膜", "声纹", "基因", "血型", "biometrics"),
        "生物识别信息，不收集（个人信息保护法第二十八条）",
        "biometric data is not collected (PIPL § 28)",
    ),
    Refused(
        ("是否重点关注人员", "重点关注", "关注程度", "关注类型", "is_key_attention"),
        "不对居民个人分级、标注；法定关爱对象在“关爱对象”中登记",
        "residents are not graded; statutory care is kept apart",
    ),
    Refused(
        ("上访", "信访记录", "情绪", "思想动态"), "不得按信访、言论、情绪归类", "nobody is filed by petition or mood"
    ),
    Refused(("银行卡", "银行账号", "个人年收入", "家庭年收入"), *_NOT_NEEDED),
    Refused(("行踪", "轨迹", "微信", "QQ", "微博"), *_NOT_NEEDED),
)


def field_of(kind: str, name: str) -> Field | None:
    return next((field for field in KINDS.get(kind, ()) if field.name == name), None)


def refusal_of(heading: str) -> Refused | None:
    """Why a column is not taken; None for one that is not refused by name."""
    return next((one for one in REFUSED if any(word in heading for word in one.headings)), None)
