"""Invented names: people, divisions, roads, compounds. Whoever bears one of them does so by chance."""

import random
from collections.abc import Iterator
from itertools import product

PROVINCE = ("32", "示范省")
CITY = ("3201", "云汀市")
DISTRICT = ("320199", "听澜区")
STREETS = ("听雨", "梧影", "荷风", "石渡", "柳溪", "望舒", "白苹", "锦帆", "兰渚", "松月", "晴岚", "雁汀")

_SURNAMES = (
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN_FIRST = "建国志文明秀玉海晓春家俊立永德永思雨欣佳宇子浩嘉梦诗雅静丽淑桂红兰凤金银长福宝庆云雪梅荣振兴光少伟宏"
_GIVEN_LAST = "华强军平芳英兰霞燕敏静波涛鹏飞宁峰磊洋斌琳娟萍玲珍莉娜丹妮怡轩涵琪瑶彤然杰超凯旭昊晨阳辉林森民生祥贵根泉"

_FIRST = "青清竹枫桂梅杏桃松柏云月星霞虹雪露霜岚菱芦鹭鸥鹤莺燕锦绣澄映临凝"
_COMMUNITY_LAST = ("溪", "园", "桥", "里", "湾", "洲", "渡", "亭", "坊", "塘", "井", "堤")
_ROAD_LAST = ("安", "宁", "和", "泰", "康", "乐", "兴", "源", "丰", "裕", "谊", "华")
_COMPOUND_LAST = ("悦", "庭", "景", "岸", "语", "韵", "麓", "屿", "汀", "歌")
_COMPOUND_KINDS = ("花园", "苑", "家园", "新村", "公寓", "雅居", "小区", "名邸")

# What a dedicated grid is: (kind of place, ending of its name)
INSTITUTIONS = (
    ("school", "小学"),
    ("school", "中学"),
    ("hospital", "医院"),
    ("market", "农贸市场"),
    ("mall", "商业广场"),
    ("park", "产业园"),
    ("park", "公园"),
    ("office", "商务大厦"),
    ("station", "客运站"),
    ("site", "项目工地"),
)


def person(rng: random.Random) -> str:
    given = rng.choice(_GIVEN_LAST)
    if rng.random() < 0.78:
        given = rng.choice(_GIVEN_FIRST) + given
    return rng.choice(_SURNAMES) + given


def communities(rng: random.Random) -> Iterator[str]:
    return _shuffled(rng, _FIRST, _COMMUNITY_LAST)


def roads(rng: random.Random) -> Iterator[str]:
    """Without their ending (路, 街, 巷)."""
    return _shuffled(rng, _FIRST, _ROAD_LAST)


def compounds(rng: random.Random) -> Iterator[str]:
    return _shuffled(rng, _FIRST, _COMPOUND_LAST, _COMPOUND_KINDS)


def phone(serial: int) -> str:
    """199 0000 xxxx: a block no operator has given out."""
    return f"1990000{serial % 10_000:04d}"


def _shuffled(rng: random.Random, *parts: "str | tuple[str, ...]") -> Iterator[str]:
    found = ["".join(each) for each in product(*parts)]
    rng.shuffle(found)
    return iter(found)
