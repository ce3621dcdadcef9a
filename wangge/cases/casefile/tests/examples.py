"""One whole case, invented."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

from PIL import Image, ImageDraw

from wangge.cases.casefile.content import (
    Assignment,
    Called,
    CaseFile,
    Evidence,
    Kind,
    Printed,
    Rating,
    Reporter,
    Shown,
    Stage,
    Step,
    Supervision,
    Whistle,
)
from wangge.cases.rules.evidence import Phase

START = datetime(2024, 6, 30, 0, 12, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def photo(colour: str, size: tuple[int, int] = (1280, 960)) -> bytes:
    image = Image.new("RGB", size, "#8a8f94")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, size[0], size[1]), fill="#55585c")
    draw.ellipse((size[0] // 3, size[1] // 2, size[0] * 2 // 3, size[1] * 5 // 6), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def evidence() -> tuple[Evidence, ...]:
    place = "118.796900, 32.060300"
    items: tuple[tuple[Kind, str, str, Phase, bytes | None], ...] = (
        (Kind.PICTURE, "jpg", "井盖缺失，近景", Phase.BEFORE, photo("#101010")),
        (Kind.PICTURE, "jpg", "井盖缺失，远景", Phase.BEFORE, photo("#202020", (960, 1280))),
        (Kind.PICTURE, "jpg", "围挡设置完毕", Phase.DURING, photo("#d9822b")),
        (Kind.PICTURE, "jpg", "新井盖复位", Phase.AFTER, photo("#6d7f6d")),
        (Kind.AUDIO, "m4a", "来电录音", Phase.BEFORE, None),
        (Kind.DOCUMENT, "pdf", "施工单", Phase.AFTER, None),
    )
    return tuple(
        Evidence(
            kind=kind,
            extension=extension,
            caption=caption,
            sha256=hashlib.sha256(caption.encode()).hexdigest(),
            phase=phase,
            taken_at=after(number * 37) if kind is Kind.PICTURE else None,
            place=place if kind is Kind.PICTURE else "",
            thumbnail=thumbnail,
        )
        for number, (kind, extension, caption, phase, thumbnail) in enumerate(items)
    )


def case_file(**changes: object) -> CaseFile:
    values: dict[str, object] = {
        "number": "320104-20240630-000127",
        "title": "莫愁路与建邺路路口东侧人行道雨水井盖缺失",
        "description": "市民来电反映：莫愁路与建邺路路口东侧人行道上一处雨水井盖缺失，井深约一米，夜间无照明，"
        "附近有小学，存在安全隐患，希望尽快处理。\n来电人𠮷先生称此前已有老人险些踩空。",
        "category_path": ("市政公用设施", "道路井盖", "雨水井盖", "缺失、破损"),
        "source": "12345 政务服务便民热线（来电）",
        "reported_at": START,
        "place": "秦淮区朝天宫街道莫愁路 357 号门前",
        "grid": "朝天宫街道止马营社区第三网格（320104005003003）",
        "lon": 118.7969,
        "lat": 32.0603,
        "state": "已结案",
        "outcome": "已解决",
        "closed_at": after(2980),
        "reporter": Reporter(shown=Shown.MASKED, name="𠮷**", contact="138****5678"),
        "printed": Printed(by="王晓芸", unit="秦淮区网格化服务管理中心", at=after(4000)),
        "stages": (
            Stage(name="响应", due_at=after(5), met_at=after(3), trace=("接报后 5 分钟内应答",)),
            Stage(
                name="处置",
                due_at=after(24 * 60),
                met_at=after(24 * 60 + 95),
                trace=(
                    "时限 1 工作日，自 2024-06-30 08:12（周日）起",
                    "周日不计，从 2024-07-01 00:00 起算",
                    "截止 2024-07-01 08:12",
                ),
            ),
            Stage(name="复核", due_at=after(3000), met_at=after(2950), trace=("办结后 8 工作时",)),
        ),
        "assignments": (
            Assignment(
                unit="秦淮区城市管理局市政设施养护所",
                is_lead=True,
                assigned_at=after(12),
                signed_at=after(31),
                finished_at=after(1535),
            ),
            Assignment(unit="朝天宫街道综合行政执法大队", is_lead=False, assigned_at=after(12), signed_at=after(20)),
        ),
        "steps": (
            Step(at=START, who="坐席 李敏", unit="区网格中心", what="上报", opinion="来电反映，已定位。"),
            Step(at=after(3), who="坐席 李敏", unit="区网格中心", what="受理", opinion="属实，符合立案条件。"),
            Step(
                at=after(12),
                who="坐席 李敏",
                unit="区网格中心",
                what="派遣",
                opinion="请养护所立即到场围挡，当日更换井盖。",
            ),
            Step(at=after(31), who="陈建国", unit="市政设施养护所", what="签收"),
            Step(
                at=after(300),
                who="陈建国",
                unit="市政设施养护所",
                what="申请延期",
                opinion="该井为非标尺寸（700 mm 方形），库存无同型号井盖，需向厂家调货，申请延期一个工作日。"
                "现场已用围挡封闭，"
                "并安排专人每两小时巡查一次。",
            ),
            Step(
                at=after(310),
                who="周岚",
                unit="区网格中心",
                what="不同意延期",
                opinion="可先用钢板临时覆盖，不同意延期。",
            ),
            Step(at=after(1535), who="陈建国", unit="市政设施养护所", what="办结", opinion="井盖已复位并加装防坠网。"),
            Step(
                at=after(2950),
                who="网格员 赵强",
                unit="止马营社区第三网格",
                what="复核通过",
                opinion="现场核实，已修复。",
            ),
            Step(at=after(2980), who="周岚", unit="区网格中心", what="结案", opinion="同意结案。"),
        ),
        "supervision": (
            Supervision(
                at=after(1445),
                step="催办",
                by="系统（规则：超时）",
                to="市政设施养护所",
                reason="处置环节已超时。",
                answer="厂家配送途中，预计 10 时到场。",
            ),
        ),
        "whistles": (
            Whistle(
                number="CS32010420240630000012",
                at=after(40),
                by="网格员 赵强",
                reason="井口无围挡，请派出所维持秩序。",
                centre="朝天宫街道综合指挥分中心",
                called=(
                    Called(
                        unit="朝天宫派出所",
                        called_at=after(44),
                        arrived_at=after(58),
                        received_at=after(93),
                        distance_m=23.4,
                        rating="5 分 到场快",
                    ),
                    Called(unit="城管中队", called_at=after(44), rating="1 分 未到场"),
                ),
            ),
            Whistle(
                number="CS32010420240630000013",
                at=after(90),
                by="网格员 赵强",
                reason="再次请求联动。",
                centre="朝天宫街道综合指挥分中心",
                refusal="已有单位在场。",
            ),
        ),
        "evidence": evidence(),
        "ratings": (Rating(at=after(3100), by="𠮷**", verdict="满意", comment="修得很快，谢谢。"),),
        **changes,
    }
    return CaseFile(**values)  # type: ignore[arg-type]
