"""The sheets shipped: visits, collection, a fire-safety inspection, the points of a patrol. Rows afterwards."""

from typing import Any

Field = dict[str, Any]


def named(zh: str, en: str, **more: Any) -> Field:
    return {"title": zh, "x-title-en": en, **more}


def text(zh: str, en: str, most: int = 200, **more: Any) -> Field:
    return named(zh, en, type="string", maxLength=most, **more)


def words(zh: str, en: str, **more: Any) -> Field:
    return text(zh, en, 1000, **{"x-multiline": True, **more})


def secret(zh: str, en: str, mask: str, **more: Any) -> Field:
    return text(zh, en, 60, **{"x-secret": True, "x-mask": mask, **more})


def choice(zh: str, en: str, choices: dict[str, tuple[str, str]], **more: Any) -> Field:
    return named(zh, en, type="string", **_choices(choices), **more)


def many(zh: str, en: str, choices: dict[str, tuple[str, str]], **more: Any) -> Field:
    items = {"type": "string", **_choices(choices)}
    return named(zh, en, type="array", items=items, uniqueItems=True, **more)


def yes(zh: str, en: str, **more: Any) -> Field:
    return named(zh, en, type="boolean", **more)


def count(zh: str, en: str, most: int, unit: str = "", **more: Any) -> Field:
    return named(zh, en, type="integer", minimum=0, maximum=most, **({"x-unit": unit} if unit else {}), **more)


def photos(zh: str = "照片", en: str = "Photos", most: int = 6, **more: Any) -> Field:
    return named(
        zh, en, type="array", items={"type": "string", "format": "uuid"}, maxItems=most, **{"x-photo": True}, **more
    )


def item(zh: str, en: str, basis: str = "") -> Field:
    more = {"x-basis": basis} if basis else {}
    return named(zh, en, type="string", enum=["pass", "fail", "na"], **{"x-item": True, **more})


def form(fields: dict[str, Field], required: list[str], **root: Any) -> Field:
    return {"type": "object", "properties": fields, "required": required, "x-order": list(fields), **root}


def _choices(choices: dict[str, tuple[str, str]]) -> Field:
    titles = [{"zh": zh, "en": en} for zh, en in choices.values()]
    return {"enum": list(choices), "x-enum-titles": titles}


MET = {
    "met": ("见到本人", "met"),
    "family": ("见到家人", "met the family"),
    "phone": ("电话联系", "by telephone"),
    "absent": ("无人在家", "nobody there"),
}
HAZARDS = {
    "fire": ("消防隐患", "fire"),
    "electric": ("飞线充电、私拉电线", "wires and charging"),
    "gas": ("燃气隐患", "gas"),
    "blocked": ("通道堵塞", "blocked ways"),
    "structure": ("房屋结构", "structure"),
    "other": ("其他", "other"),
}  # fmt: skip
ABSENT = {"met": "absent"}
SEEN = {"met": ["met", "family", "phone"]}

VISIT = form(
    {
        "met": choice("走访情况", "Met", MET),
        "topics": many(
            "了解的内容", "What was asked for",
            {"health": ("身体状况", "health"), "needs": ("困难诉求", "needs"), "safety": ("居家安全", "safety at home"), "policy": ("政策宣传", "policies told"), "dispute": ("邻里矛盾", "disputes"), "other": ("其他", "other")},
            **{"x-show-if": SEEN},
        ),
        "needs": words("困难和诉求", "Needs", **{"x-show-if": SEEN}),
        "followed_up": yes("需要后续跟进", "To be followed up", **{"x-show-if": SEEN}),
        "photos": photos(),
        "remark": words("备注", "Remark"),
    },
    ["met"],
    **{"x-next": {"rules": [{"when": ABSENT, "days": 3}, {"when": {"followed_up": True}, "days": 7}]}},
)  # fmt: skip
RENTAL = form(
    {
        "met": choice("走访情况", "Met", MET),
        "tenants": count("实际居住人数", "People living there", 200, "人", **{"x-show-if": SEEN}),
        "rooms": count("出租房间数", "Rooms let", 200, "间", **{"x-show-if": SEEN}),
        "registered": choice(
            "租住登记", "Registration",
            {"all": ("均已登记", "all registered"), "some": ("部分登记", "some"), "none": ("未登记", "none")},
            **{"x-show-if": SEEN},
        ),
        "landlord_phone": secret("房东电话", "Landlord's telephone", "phone", **{"x-show-if": SEEN}),
        "hazards": many("发现的隐患", "Hazards", HAZARDS, **{"x-show-if": SEEN}),
        "hazard_text": words("隐患情况", "About the hazards", **{"x-show-if": {"hazards": list(HAZARDS)}}),
        "group_rental": yes("疑似群租（N+1）", "Too many tenants for the rooms", **{"x-show-if": SEEN}),
        "photos": photos(),
        "remark": words("备注", "Remark"),
    },
    ["met", "tenants", "registered", "hazard_text"],
    **{"x-next": {"rules": [{"when": ABSENT, "days": 3}, {"when": {"hazards": list(HAZARDS)}, "days": 7}, {"when": {"group_rental": True}, "days": 7}]}},
)  # fmt: skip
SHOP = form(
    {
        "open": choice("营业状态", "Open", {"open": ("营业", "open"), "closed": ("歇业", "closed today"), "moved": ("已搬离", "moved away")}),
        "licence": choice("证照", "Licences", {"shown": ("齐全并公示", "shown"), "missing": ("缺失", "missing"), "expired": ("过期", "expired")}, **{"x-show-if": {"open": "open"}}),
        "extinguishers": count("灭火器数量", "Extinguishers", 500, "具", **{"x-show-if": {"open": "open"}}),
        "three_in_one": yes("住宿与经营合用（三合一）", "People sleep on the premises", **{"x-show-if": {"open": "open"}}),
        "gas": choice("用气", "Gas", {"none": ("不用气", "none"), "pipe": ("管道气", "by pipe"), "bottle": ("瓶装气", "in bottles")}, **{"x-show-if": {"open": "open"}}),
        "street": many("门前秩序", "Before the door", {"occupied": ("占道经营", "goods on the pavement"), "rubbish": ("门前不洁", "dirty"), "ads": ("违规招牌", "signs against the rules"), "bikes": ("车辆乱停", "bicycles")}, **{"x-show-if": {"open": "open"}}),
        "contact_phone": secret("经营者电话", "Telephone", "phone"),
        "photos": photos(),
        "remark": words("备注", "Remark"),
    },
    ["open", "licence", "three_in_one"],
    **{"x-next": {"rules": [{"when": {"three_in_one": True}, "days": 3}, {"when": {"licence": ["missing", "expired"]}, "days": 15}, {"when": {"open": "closed"}, "days": 7}]}},
)  # fmt: skip
HOUSE = form(
    {
        "house_no": text("门牌号（楼栋-单元-室）", "House, unit, room", 60),
        "use": choice("房屋用途", "Use", {"01": ("住宅", "dwelling"), "02": ("商业", "trade"), "03": ("办公", "office"), "04": ("工业", "industry"), "05": ("仓储", "storage"), "06": ("商住混用", "mixed"), "99": ("其他", "other")}),
        "occupied": choice("居住状态", "Lived in by", {"own": ("自住", "the owner"), "let": ("出租", "tenants"), "empty": ("空置", "nobody"), "other": ("其他", "others")}),
        "area": named("建筑面积", "Floor area", type="number", minimum=0, maximum=100000, **{"x-unit": "㎡"}),
        "residents": count("居住人数", "People", 300, "人", **{"x-show-if": {"occupied": ["own", "let", "other"]}}),
        "owner_name": secret("产权人姓名", "Owner's name", "name"),
        "owner_phone": secret("产权人电话", "Owner's telephone", "phone", **{"x-show-if": {"occupied": ["let", "empty"]}}),
        "checked_on": named("核对日期", "Checked on", type="string", format="date"),
        "wrong": yes("与台账不一致，请更正", "The registry is wrong"),
        "wrong_text": words("不一致的内容", "What is wrong", **{"x-show-if": {"wrong": True}}),
        "photos": photos("门牌照片", "Photo of the number", 3),
    },
    ["house_no", "use", "occupied", "wrong_text"],
)  # fmt: skip
FIRE = form(
    {
        "exits": item("疏散通道、安全出口畅通", "Ways out are free", "《消防法》第二十八条"),
        "doors": item("常闭式防火门保持关闭", "Fire doors are shut"),
        "extinguishers": item("灭火器配置到位、压力正常", "Extinguishers are there and under pressure"),
        "hydrants": item("室内消火栓完好有水", "Hydrants are whole and have water"),
        "lights": item("应急照明、疏散指示标志完好", "Emergency lights and signs work"),
        "electric": item("电气线路敷设规范，无私拉乱接", "Wires are laid as they should be"),
        "charging": item("无电动自行车室内停放、充电", "No electric bicycles indoors", "《高层民用建筑消防安全管理规定》第三十七条"),
        "gas": item("燃气使用规范，报警装置有效", "Gas is used safely, alarms work"),
        "sleeping": item("无违规住人（三合一）", "Nobody sleeps where goods are kept"),
        "storage": item("无违规存放易燃易爆物品", "Nothing explosive is stored"),
        "training": item("员工会报警、会疏散、会使用灭火器", "Staff can call, lead out and put out"),
        "fail_text": words("不合格情况说明", "What was wrong"),
        "photos": photos("现场照片", "Photos", 9),
        "person": secret("现场负责人", "Person in charge", "name"),
        "person_phone": secret("联系电话", "Telephone", "phone"),
    },
    ["exits", "extinguishers", "electric", "charging"],
    **{"x-next": {"rules": [{"when": {name: "fail"}, "days": 7} for name in ("exits", "electric", "charging", "sleeping", "storage")]}},
)  # fmt: skip
POINT = form(
    {
        "state": choice("现场情况", "What was seen", {"normal": ("正常", "in order"), "minor": ("有问题，已当场处理", "put right at once"), "report": ("有问题，需上报", "to be reported")}),
        "problems": many("问题类型", "Kind of problem", {"rubbish": ("暴露垃圾", "rubbish"), "facility": ("设施损坏", "broken facility"), "hazard": ("安全隐患", "hazard"), "order": ("秩序问题", "disorder"), "other": ("其他", "other")}, **{"x-show-if": {"state": ["minor", "report"]}}),
        "text": words("说明", "Words", **{"x-show-if": {"state": ["minor", "report"]}}),
        "photos": photos(most=4),
    },
    ["state"],
)  # fmt: skip

# code, kind, zh, en, schema
FORMS: list[tuple[str, str, str, str, Field]] = [
    ("visit_general", "visit", "日常走访", "Visit", VISIT),
    ("visit_rental", "visit", "出租房走访", "Visit of a let dwelling", RENTAL),
    ("visit_shop", "visit", "沿街商铺走访", "Visit of a shop", SHOP),
    ("collect_house", "collect", "信息采集（房屋）", "Collection: dwelling", HOUSE),
    ("inspect_fire", "inspect", "消防安全检查", "Fire-safety inspection", FIRE),
    ("patrol_point", "patrol", "巡查点情况", "Point of a patrol", POINT),
]
