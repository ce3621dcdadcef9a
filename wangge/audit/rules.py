"""What the house does with people's data that the law wants assessed beforehand, and how an assessment stands today."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=60)
LONGEST = timedelta(days=3 * 366)  # an assessment that never ends is none


class Processing(StrEnum):
    PEOPLE = "people"
    CARE = "care"
    REPORTERS = "reporters"
    LOCATING = "locating"
    EVIDENCE = "evidence"
    EXPORTS = "exports"
    EXCHANGE = "exchange"


class Standing(StrEnum):
    VALID = "valid"
    SOON = "soon"  # runs out within sixty days
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Kind:
    zh: str
    en: str
    ground_zh: str
    ground_en: str


_SENSITIVE = ("处理敏感个人信息（第五十五条第一项）", "sensitive personal information (§ 55 no. 1)")
_GIVEN = ("向其他个人信息处理者提供（第五十五条第三项）", "given to others (§ 55 no. 3)")
_WEIGHTY = ("对个人权益有重大影响（第五十五条第五项）", "weighs on people's rights (§ 55 no. 5)")

KINDS: dict[Processing, Kind] = {
    Processing.PEOPLE: Kind("人口基础信息登记", "Register of residents", *_SENSITIVE),
    Processing.CARE: Kind("法定关爱对象走访", "People under statutory care", *_SENSITIVE),
    Processing.REPORTERS: Kind("反映人联系方式", "Contacts of reporters", *_WEIGHTY),
    Processing.LOCATING: Kind("当班人员定位与轨迹", "Positions of workers on duty", *_SENSITIVE),
    Processing.EVIDENCE: Kind("现场照片、录音、视频", "Photos, sound and film of places", *_WEIGHTY),
    Processing.EXPORTS: Kind("数据导出", "Exports", *_GIVEN),
    Processing.EXCHANGE: Kind("与部门系统交换基础数据", "Exchange with departments' systems", *_GIVEN),
}


def standing(valid_until: date | None, *, today: date) -> Standing:
    """`valid_until` is the last day; None: there is no assessment."""
    if valid_until is None:
        return Standing.MISSING
    if valid_until < today:
        return Standing.EXPIRED
    return Standing.SOON if valid_until - today <= SOON else Standing.VALID
