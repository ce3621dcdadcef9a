"""Code lists of the registry: GB/T 31000-2015 5.10–5.47 and the common ones it points to. Values are stored.

A list is data: a house may hold a later edition; nothing in code decides by a value except where it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeList:
    source: str
    names: Mapping[str, str]


def _list(source: str, text: str) -> CodeList:
    """`01务工 02务农`: digits, then the name."""
    names = {}
    for word in text.split():
        digits = word[: next(at for at, sign in enumerate(word) if not sign.isdigit())]
        names[digits] = word[len(digits) :]
    return CodeList(source, names)


CODE_LISTS: dict[str, CodeList] = {
    "sex": _list("GB/T 2261.1", "0未知 1男 2女 9未说明"),
    "marital": _list("GB/T 2261.2", "10未婚 20已婚 21初婚 22再婚 23复婚 30丧偶 40离婚 90未说明"),
    "education": _list("GB/T 4658", "10研究生 20本科 30专科 40中职 60高中 70初中 80小学 90其他"),
    "id_type": _list(
        "GA/T 517",
        "111居民身份证 113户口簿 114军官证 414普通护照 511台湾居民来往大陆通行证 "
        "516港澳居民来往内地通行证 554外国人居留证",
    ),
    "registration": CodeList(
        "GB/T 31000-2015 4.2", {"registered": "户籍", "floating": "流动", "lodging": "寄住", "foreign": "境外"}
    ),
    "inflow_reason": _list(
        "GB/T 31000-2015 5.11",
        "01务工 02务农 03经商 04学习培训 05婚嫁 06随迁 07治病疗养 08投亲靠友 09工作调动 99其他",
    ),
    "permit_type": _list("GB/T 31000-2015 5.12", "01居住证 02暂住证 99其他"),
    "use": _list("GB/T 31000-2015 5.17", "01住宅 02商业 03办公 04工业 05仓储 06商住混用 99其他"),
    "rental_use": _list("GB/T 31000-2015 5.18", "01宿舍 02住房 03商铺 04办公 05仓库 06厂房 99其他"),
    "rental_hazard": _list("GB/T 31000-2015 5.19", "00无 01火灾 02治安 03矛盾纠纷 04危化物品 05疾病传染 99其他"),
    "owner_kind": CodeList(
        "wangge", {"private": "私有", "public": "公有", "unit": "单位", "collective": "集体", "unknown": "不详"}
    ),
    "occupancy": CodeList(
        "wangge", {"owner": "自住", "rented": "出租", "vacant": "空置", "lent": "借住", "unknown": "不详"}
    ),
    "relation": _list(
        "GB/T 4761", "01本人 02户主 10配偶 20子 30女 40孙辈 50父母 60祖父母 70兄弟姐妹 80其他亲属 97非亲属"
    ),
    "org_kind": CodeList(
        "GB/T 31000-2015 5.44, 5.47",
        {
            "enterprise": "企业",
            "individual": "个体工商户",
            "cooperative": "农民专业合作社",
            "association": "社会团体",
            "private_unit": "民办非企业单位",
            "foundation": "基金会",
            "institution": "机关事业单位",
            "school": "学校",
            "party": "党组织",
            "other": "其他",
        },
    ),
    "org_hazard": _list("GB/T 31000-2015 5.45", "00无 01治安 02消防 03矛盾纠纷 04劳资纠纷"),
    "org_role": CodeList(
        "wangge",
        {
            "legal": "法定代表人",
            "leader": "负责人",
            "safety": "治保（安全）负责人",
            "contact": "联系人",
            "staff": "从业人员",
            "member": "成员",
        },
    ),
    "place_kind": CodeList(
        "wangge",
        {
            "square": "广场",
            "park": "公园",
            "market": "集贸市场",
            "station": "交通场站",
            "school": "学校周边",
            "hospital": "医疗机构",
            "leisure": "娱乐场所",
            "shelter": "避难场所",
            "other": "其他",
        },
    ),
    "facility_class": CodeList(
        "GB/T 30428.2",
        {"01": "公用设施", "02": "道路交通", "03": "市容环境", "04": "园林绿化", "05": "其他部件"},
    ),
    "facility_state": _list("GB/T 30428.2", "01完好 02破损 03丢失 04废弃 05移除"),
    "tie": CodeList("wangge", {"lives": "居住", "rents": "租住", "owns": "产权人"}),
    "care_level": _list("wangge", "1重点 2一般 3关注"),
}


def name_of(codes: str, value: str) -> str:
    found = CODE_LISTS.get(codes)
    return found.names.get(value, value) if found else value
