"""The words of the loop: states, stages, outcomes, sources. Stored values never change; labels may."""

from enum import StrEnum


class State(StrEnum):
    REPORTED = "reported"  # 待受理
    ACCEPTED = "accepted"  # 待派发
    DISPATCHED = "dispatched"  # 待签收
    HANDLING = "handling"  # 处置中
    SUSPENDED = "suspended"  # 已挂起
    HANDLED = "handled"  # 待复核
    REVIEWED = "reviewed"  # 待结案
    CLOSED = "closed"  # 已结案
    ARCHIVED = "archived"  # 已归档
    REFUSED = "refused"  # 不予受理
    JOINED = "joined"  # 已并案


OPEN = (
    State.REPORTED,
    State.ACCEPTED,
    State.DISPATCHED,
    State.HANDLING,
    State.SUSPENDED,
    State.HANDLED,
    State.REVIEWED,
)


class Stage(StrEnum):
    """What a time limit is about. RESPOND runs from report received to the first human act."""

    RESPOND = "respond"  # 响应
    DISPATCH = "dispatch"  # 派发
    SIGN = "sign"  # 签收
    HANDLE = "handle"  # 处置
    REVIEW = "review"  # 复核
    STEP = "step"  # 标准流程的一步


class Outcome(StrEnum):
    """How it ended, apart from that it ended."""

    SOLVED = "solved"  # 已解决
    PARTLY = "partly"  # 部分解决
    EXPLAINED = "explained"  # 解释说明
    UNFOUNDED = "unfounded"  # 情况不实


class Source(StrEnum):
    TELEPHONE = "telephone"  # 来电
    WALK_IN = "walk_in"  # 来访
    LEADER = "leader"  # 领导批示
    GRID = "grid"  # 网格员上报
    RESIDENT = "resident"  # 居民自报
    PARTNER = "partner"  # 外部系统
    FILE = "file"  # 批量导入
    SUPERIOR = "superior"  # 上级交办
    VIDEO = "video"  # 视频发现
    SENSOR = "sensor"  # 物联感知


class Urgency(StrEnum):
    NORMAL = "normal"  # 一般
    URGENT = "urgent"  # 紧急
    EMERGENCY = "emergency"  # 特急


class PlacedBy(StrEnum):
    """How the grid of a case was found."""

    POINT = "point"
    CHOSEN = "chosen"  # somebody chose the grid or division; a point, if any, is less than that
    ADDRESS = "address"
    UNIT = "unit"  # nothing said where: the reporter's own ground
    FILE = "file"
