"""What stored values are called, in both languages."""

from wangge.cases.rules.states import Outcome, Source, Stage, State, Urgency
from wangge.core.actor import PUBLIC, SYSTEM

STATES: dict[str, tuple[str, str]] = {
    State.REPORTED: ("待受理", "reported"),
    State.ACCEPTED: ("待派发", "accepted"),
    State.DISPATCHED: ("待签收", "dispatched"),
    State.HANDLING: ("处置中", "in handling"),
    State.SUSPENDED: ("已挂起", "suspended"),
    State.HANDLED: ("待复核", "handled"),
    State.REVIEWED: ("待结案", "reviewed"),
    State.CLOSED: ("已结案", "closed"),
    State.ARCHIVED: ("已归档", "archived"),
    State.REFUSED: ("不予受理", "refused"),
    State.JOINED: ("已并案", "joined"),
}
STAGES: dict[str, tuple[str, str]] = {
    Stage.RESPOND: ("响应", "respond"),
    Stage.DISPATCH: ("派发", "dispatch"),
    Stage.SIGN: ("签收", "sign"),
    Stage.HANDLE: ("处置", "handle"),
    Stage.REVIEW: ("复核", "review"),
    Stage.STEP: ("流程步骤", "procedure step"),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    Outcome.SOLVED: ("已解决", "solved"),
    Outcome.PARTLY: ("部分解决", "partly solved"),
    Outcome.EXPLAINED: ("解释说明", "explained"),
    Outcome.UNFOUNDED: ("情况不实", "unfounded"),
}
SOURCES: dict[str, tuple[str, str]] = {
    Source.TELEPHONE: ("来电", "telephone"),
    Source.WALK_IN: ("来访", "walk-in"),
    Source.LEADER: ("领导批示", "leader's note"),
    Source.GRID: ("网格员上报", "grid worker"),
    Source.RESIDENT: ("居民自报", "resident"),
    Source.PARTNER: ("外部系统", "other system"),
    Source.FILE: ("批量导入", "file"),
    Source.SUPERIOR: ("上级交办", "from above"),
    Source.VIDEO: ("视频发现", "video"),
    Source.SENSOR: ("物联感知", "sensor"),
}
URGENCIES: dict[str, tuple[str, str]] = {
    Urgency.NORMAL: ("一般", "normal"),
    Urgency.URGENT: ("紧急", "urgent"),
    Urgency.EMERGENCY: ("特急", "emergency"),
}


def said(words: dict[str, tuple[str, str]], value: str, language: str) -> str:
    return words.get(value, (value, value))[language == "en"]


ACTORS = {SYSTEM: ("系统", "System"), PUBLIC: ("居民", "Resident"), "import": ("批量导入", "Import")}


def who(kind: str, name: str, language: str) -> str:
    """A person by name; the house itself never by the name of the worker that did it."""
    return said(ACTORS, kind, language) if kind in ACTORS else name
