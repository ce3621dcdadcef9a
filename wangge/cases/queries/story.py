"""What a step decided, in words, from what it kept: one short line for each fact."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wangge.cases.rules.evidence import SHORT, Odd
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.words import OUTCOMES, SOURCES, STAGES, said
from wangge.core.clock import local

Names = Mapping[str, str]  # unit path -> name

FIELDS = {
    "title": ("标题", "title"),
    "description": ("描述", "description"),
    "category_id": ("类别", "category"),
    "address": ("地点", "place"),
    "current_grid": ("网格", "grid"),
    "urgency": ("紧急程度", "urgency"),
}


def lines_of(data: Mapping[str, Any], names: Names, language: str) -> list[str]:
    """Unknown facts are left out: they are for machines."""
    english = language == "en"
    found = []
    for key, tell in TELL.items():
        if key in data and (words := tell(data, names, english)):
            found.append(words)
    return found


def _pair(zh: str, en: str, value: Callable[[Mapping[str, Any], Names, bool], str]) -> Any:
    def tell(data: Mapping[str, Any], names: Names, english: bool) -> str:
        words = value(data, names, english)
        return (f"{en}: {words}" if english else f"{zh}：{words}") if words else ""

    return tell


def _text(key: str) -> Callable[[Mapping[str, Any], Names, bool], str]:
    return lambda data, names, english: str(data[key] or "")


def _said(words: dict[str, tuple[str, str]], key: str) -> Callable[[Mapping[str, Any], Names, bool], str]:
    return lambda data, names, english: said(words, str(data[key]), "en" if english else "zh")


def _several(key: str) -> Callable[[Mapping[str, Any], Names, bool], str]:
    return lambda data, names, english: (", " if english else "、").join(str(one) for one in data[key] or ())


def _in_language(key: str) -> Callable[[Mapping[str, Any], Names, bool], str]:
    return lambda data, names, english: str((data.get(f"{key}_en") if english else None) or data[key] or "")


def _step(data: Mapping[str, Any], names: Names, english: bool) -> str:
    """A step of the ladder by its name, or of a standard procedure by its number."""
    value = data["step"]
    if isinstance(value, str) and value in set(LadderStep):
        return LadderStep(value).label("en" if english else "zh")
    name = data.get("name_en") if english else data.get("name")
    return f"{value} {name}" if name else ""


def _before(data: Mapping[str, Any], names: Names, english: bool) -> str:
    before = data["before"]
    if not isinstance(before, Mapping):
        return ""
    known = [FIELDS[name][english] for name in before if name in FIELDS]
    return (", " if english else "、").join(known)


def _unit(data: Mapping[str, Any], names: Names, english: bool) -> str:
    return names.get(str(data["unit_path"]), "")


def _moment(key: str) -> Callable[[Mapping[str, Any], Names, bool], str]:
    return lambda data, names, english: (
        local(datetime.fromisoformat(data[key])).strftime("%Y-%m-%d %H:%M") if data[key] else ""
    )


def _metres(data: Mapping[str, Any], names: Names, english: bool) -> str:
    value = data["distance_m"]
    return "" if value is None else f"{value:.0f} m" if english else f"{value:.0f} 米"


def _scores(data: Mapping[str, Any], names: Names, english: bool) -> str:
    return (", " if english else "、").join(f"{one['unit']} {one['score'] or '-'}" for one in data["scores"])


def _doubts(data: Mapping[str, Any], names: Names, english: bool) -> str:
    kinds = dict.fromkeys(kind for each in data["doubts"].values() for kind in each)
    return (", " if english else "、").join(SHORT[Odd(kind)][english] for kind in kinds if kind in set(Odd))


TELL: dict[str, Any] = {
    "source": _pair("来源", "source", _said(SOURCES, "source")),
    "lead": _pair("主办", "lead", _text("lead")),
    "assist": _pair("协办", "assisting", _several("assist")),
    "outcome": _pair("结果", "outcome", _said(OUTCOMES, "outcome")),
    "limit": _pair("时限", "limit", _in_language("limit")),
    "step": _pair("环节", "step", _step),
    "stage": _pair("阶段", "stage", _said(STAGES, "stage")),
    "unit_path": _pair("单位", "unit", _unit),
    "due_at": _pair("应办时间", "due", _moment("due_at")),
    "before": _pair("更正", "corrected", _before),
    "from": _pair("由", "from", _text("from")),
    "to": _pair("至", "to", _text("to")),
    "into": _pair("并入", "joined to", _text("into")),
    "joined": _pair("并入本案", "joined here", _text("joined")),
    "separated": _pair("拆出", "separated", _text("separated")),
    "whistle": _pair("哨单", "whistle", _text("whistle")),
    "centre": _pair("中心", "centre", _text("centre")),
    "units": _pair("联动部门", "units", _several("units")),
    "unit": _pair("部门", "unit", _text("unit")),
    "happened_at": _pair("实际到场（手机离线补报）", "on the spot (told later by the phone)", _moment("happened_at")),
    "distance_m": _pair("到场距离", "distance", _metres),
    "scores": _pair("评分", "scores", _scores),
    "doubts": _pair("照片存疑", "doubts about the pictures", _doubts),
    "score": _pair("满意度", "satisfaction", _text("score")),
}
