"""In which words residents, grid workers and desks report, move and rate; all invented."""

import random
from dataclasses import replace

from wangge.demo.topics import Topic, Variant

SINCE_WHEN = (
    "今天早上",
    "昨天晚上",
    "昨天下午",
    "这两天",
    "上周末",
    "最近一周",
    "从上周开始",
    "半个多月了",
    "今天中午",
)
GRID_OPENINGS = (
    "日常巡查发现，",
    "入户走访时发现，",
    "早间巡查到{p}时，",
    "接楼栋长反映后到现场查看，",
    "网格巡查中，",
    "",
)
RESIDENT_OPENINGS = ("我是{p}的住户，", "你好，我家住{p}，", "{p}这边，", "想反映一下，", "")
CALL_OPENINGS = ("来电人反映：", "市民来电称，", "诉求人表示，", "")
RESIDENT_WISHES = (
    "麻烦尽快来人看看，谢谢。",
    "希望有关部门尽快处理。",
    "之前也说过一次，没解决，请认真对待。",
    "盼回复。",
    "方便的话处理完给我回个电话。",
    "小区里好几家都有意见。",
    "请不要只做表面工作。",
    "",
)
GRID_WISHES = (
    "已拍照，暂未造成影响。",
    "已现场提醒，后续继续跟踪。",
    "超出网格处置能力，请协调。",
    "周边居民意见较大。",
    "已先行设置提示。",
    "",
    "",
)
CALL_WISHES = (
    "诉求人希望尽快处理并回复。",
    "要求核实处理。",
    "希望职能部门到现场查看。",
    "诉求人情绪较急，请优先联系。",
    "",
)

SOFT_WISHES = ("已先行安抚。", "后续继续跟踪。", "请协助协调。", "", "")  # where nobody takes pictures

REFUSALS = (
    "该事项已进入诉讼程序，不属受理范围，已向来电人说明并告知法院联系方式。",
    "反映地点不在本区范围内，已告知其向属地反映的途径。",
    "同一诉求人、同一事项正在办理中，不重复受理，已告知查询方式。",
    "反映内容为物业服务合同价格争议，属双方约定事项，已告知协商及诉讼渠道。",
)
RETURNS = (
    "经现场核实，该处产权属小区内部道路，由物业管理，不属我单位职责，请改派。",
    "现场未找到反映的问题，地址不清，请补充具体位置后再派。",
    "该路段养护职责已于上季度移交，请派现管养单位。",
    "涉及住宅专项维修资金，建议由房产部门牵头，我单位配合。",
)
RECALLS = ("派发对象选择有误，撤回重新派发。", "诉求人来电补充了情况，需调整承办单位。")
EXTENSIONS = (
    "需定制配件，厂家供货约三天，申请延期。",
    "连续降雨无法施工，待天气好转后实施。",
    "涉及多户意见征求，需再次上门，申请延长办理时间。",
    "需管线权属单位会同查勘，已约定现场时间。",
)
DENIALS = ("该事项影响居民出行，请按原期限办结。", "延期理由不充分，请先采取临时措施。")
REWORKS = (
    "复核发现现场仍有残留，照片角度与处置前不一致，请重新处置。",
    "回访诉求人表示问题当天又出现，请再次到场处理。",
    "只处理了一部分，{w}仍未清理，请返工。",
)
SUSPENSIONS = (
    "当事人住院，待其出院后继续处理。",
    "房屋所有人在外地，约定月底返回后配合。",
    "待上级批复维修资金后实施。",
)
RESUMPTIONS = ("当事人已返回，恢复办理。", "资金已批复，恢复办理。")
HAND_UPS = (
    "涉及部门职责，社区无法处置，请街道协调。",
    "已两次上门劝导无效，需执法力量配合。",
    "涉及公共管线，社区无处置权限，请派相关单位。",
)
TO_DISTRICT = ("涉及两个以上部门，请区中心统筹。", "街道辖区内无对应处置力量，请区中心派发。")
ACCEPTED = ("", "", "已核对位置和类别，受理。", "情况属实，受理。", "已联系诉求人核实，受理。")
DISPATCHED = ("请到现场核实处置，并按时反馈。", "请尽快处理，注意回复诉求人。", "", "请会同社区现场处置。")
SIGNED = ("", "", "已安排人员到场。", "收到，下午到现场。")
CONTACTS = ("已电话联系，核实了具体位置。", "已回电告知受理情况，诉求人表示理解。", "电话无人接听，已发短信告知。")
PASSED = ("", "照片与现场一致。", "已电话回访，问题解决。", "现场核查通过。")
CLOSED = ("", "同意结案。", "已办结。", "经回访确认，予以结案。")
SUPERVISED = ("请加快办理，今日内反馈进展。", "群众多次催问，请专人跟办。", "已临近时限，请说明原因并尽快办结。")
RECEIPTS = ("已安排专班处理，明日完成。", "正在协调产权单位，预计两日内办结。")
REOPENED = ("诉求人来电称问题复发，重启办理。", "回访不满意，重新办理。")
ANSWERS = (
    "已电话答复办理条件、所需材料和窗口地址，诉求人表示清楚。",
    "经查阅知识库，向诉求人解释了相关政策，诉求人表示理解。",
    "已告知缴费和报修渠道，诉求人自行办理。",
)
JOINED = "与 {number} 为同一事项，并案处理。"
SEPARATED = ("核对位置后不是同一处，拆出单独办理。", "诉求人来电说明与前一件无关，拆案办理。")
CORRECTED = ("已与报告人核对，按实际情况更正。", "现场核实后更正。", "")
ADDED = (
    "刚才又去看了，还是老样子。",
    "补充一下，晚上七点以后最严重。",
    "电话没接到，请再打一次，谢谢。",
    "位置就在{p}门口，一进来就能看到。",
)
WHISTLES = (
    "现场多方争执，社区无执法权限，请相关部门到场联合处置。",
    "问题反复出现，单个部门处理不下来，请联动会商。",
    "涉及安全隐患，需要有处置力量的部门尽快到场。",
    "责任单位互相推诿，请街道牵头到现场明确。",
    "居民聚集反映，请部门到场答复并现场处置。",
)
WHISTLE_REFUSALS = (
    "属单一部门职责，请按正常流程派发。",
    "同一点位的联动正在进行，请并入办理。",
    "社区可先行协调，无须联动。",
)
CONFIRMED = ("请各单位三十分钟内到场，由社区现场对接。", "请到场后先控制现场，再会商处置办法。", "")
ARRIVED = ("已到现场。", "两人到场，正与社区对接。", "已到场，先行疏导。", "")
WHISTLE_ENDS = ("联动结束，问题已当场处置。", "各部门到场及时，处置方案已明确。", "现场处置完毕，后续由主办单位跟进。")
MUSTER_WORDS = ("到场快，处置得力。", "配合主动。", "解释耐心，居民认可。", "")
MUSTER_BAD_WORDS = ("到场偏晚。", "到场后只看了一圈。", "仅口头表态，未当场处置。")
GOOD_WORDS = ("处理得很快，谢谢。", "满意。", "网格员很负责。", "问题解决了，感谢。", "态度好，速度快。", "")
BAD_WORDS = ("处理了一半，过两天又这样。", "来的人说了几句就走了。", "等了太久。", "没有根本解决。", "")


def counted(variant: Variant, how_many: int) -> Variant:
    """With one number wherever the words of one thing that happened say how many."""
    count = str(how_many)
    return replace(
        variant,
        titles=tuple(title.replace("{n}", count) for title in variant.titles),
        fact=variant.fact.replace("{n}", count),
        done=variant.done.replace("{n}", count),
    )


def fill(template: str, rng: random.Random, *, place: str = "", spot: str = "") -> str:
    return (
        template.replace("{p}", place)
        .replace("{w}", spot)
        .replace("{n}", str(rng.randrange(2, 9)))
        .replace("{d}", rng.choice(SINCE_WHEN))
    )


def describe(topic: Topic, variant: Variant, voice: str, rng: random.Random, *, place: str, spot: str) -> str:
    """`voice`: grid, call or resident."""
    opening, wish = {
        "grid": (
            rng.choice(GRID_OPENINGS),
            rng.choice(SOFT_WISHES if topic.soft else GRID_WISHES),
        ),
        "call": (rng.choice(CALL_OPENINGS), rng.choice(CALL_WISHES)),
        "resident": (rng.choice(RESIDENT_OPENINGS), rng.choice(RESIDENT_WISHES)),
    }[voice]
    said = "{p}" in opening + variant.fact
    where = spot if said or rng.random() < 0.3 else place + spot
    return fill(opening + variant.fact + wish, rng, place=place, spot=where)
