"""Standard answers of the made-up district: what people ask a centre most, answered as a seat reads it out."""

from datetime import datetime, timedelta

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.desk.actions.answers import AnswerGiven, add_answer

SINCE = timedelta(days=200)

# title, text, keywords; then title and text in English, for a few of them.
ANSWERS: list[tuple[str, str, list[str], str, str]] = [
    (
        "居住证怎么办理",
        "本人带身份证和居住地住址证明（租房合同或房产证），到居住地社区网格工作站办理，当场受理，15 日内领取，不收费。"
        "工作站周一至周五 9:00—17:00。",
        ["居住证", "暂住证"],
        "How do I get a residence permit",
        "Bring your identity card and proof of where you live (lease or title) to the community station there. "
        "It is taken at once, ready within 15 days, free of charge. Monday to Friday, 9:00 to 17:00.",
    ),
    (
        "便民服务中心几点上班",
        "街道便民服务中心周一至周五 9:00—12:00、13:30—17:00；周六 9:00—12:00 有人值班，可办社保、居住证、老年证。",
        ["几点上班", "上班时间", "便民服务中心", "周末", "开门"],
        "Opening hours of the service centre",
        "Monday to Friday 9:00 to 12:00 and 13:30 to 17:00; Saturday 9:00 to 12:00 for social insurance, residence "
        "permits and senior cards.",
    ),
    (
        "小区里的路灯、楼道灯归谁管",
        "小区内的路灯和楼道灯由物业维修，没有物业的由社区协调。市政道路上的路灯由区城市管理局管养，灯不亮我们可以马上登记派人。",
        ["归谁管", "楼道灯"],
        "",
        "",
    ),
    (
        "老年优待证怎么办",
        "年满 60 周岁，带身份证到社区网格工作站办理，或由网格员上门代办。70 周岁以上乘公交免费，60 至 69 周岁半价。",
        ["老年证", "优待证", "老年卡"],
        "",
        "",
    ),
    (
        "高龄津贴（尊老金）从什么时候起发",
        "本区户籍年满 80 周岁当月起发，社区会主动联系并代为申报；没有收到的，带身份证、户口簿和本人银行卡到社区补办。",
        ["尊老金", "高龄津贴", "高龄补贴"],
        "",
        "",
    ),
    (
        "养老金资格认证怎么做",
        "每年一次，用手机“掌上社保”刷脸即可；不会用手机的到社区网格工作站办，行动不便的请告诉我们，网格员上门办。",
        ["养老金认证", "资格认证", "社保认证"],
        "",
        "",
    ),
    (
        "医保报销到哪里办",
        "本地住院出院时直接结算；外地就医回来报销的，带发票、费用清单、出院小结和医保卡到街道便民服务中心医保窗口。",
        ["医保", "报销"],
        "",
        "",
    ),
    (
        "最低生活保障怎样申请",
        "本人向户籍地社区提出，填家庭情况声明并授权核对；街道 15 个工作日内审核并公示。是否符合以核对结果为准。",
        ["低保", "最低生活保障", "困难补助"],
        "",
        "",
    ),
    (
        "小区能不能装电动车充电桩",
        "先由业主委员会或物业向社区提出选址，社区会同消防、供电现场看过再装；楼道、门厅和地下夹层不能停放充电。",
        ["充电桩", "电动车充电"],
        "",
        "",
    ),
    (
        "大件垃圾、装修垃圾怎么处理",
        "投放到小区指定的大件垃圾点，或打物业电话预约上门收运；装修垃圾要袋装，由物业统一清运，收费标准在物业公告栏。",
        ["大件垃圾", "装修垃圾", "旧家具"],
        "",
        "",
    ),
    (
        "孩子入学要看哪些材料",
        "以户籍、房产和实际居住一致为先，具体以区教育局当年公布的招生办法为准，每年五月公布；可打区教育局咨询电话。",
        ["入学", "学区", "报名", "招生"],
        "",
        "",
    ),
    (
        "办事不满意到哪里反映",
        "可以直接对我们说，我们登记后转监督部门办理，办理单位看不到您的姓名和电话；也可拨 12345。",
        ["投诉", "不满意", "态度"],
        "",
        "",
    ),
]


def write(code: str, *, by: Actor, at: datetime) -> int:
    """`code`: the division they hold in."""
    day = clock.day_of(at - SINCE)
    for title, text, keywords, title_en, text_en in ANSWERS:
        given = AnswerGiven(
            code=code,
            title_zh=title,
            text_zh=text,
            keywords=keywords,
            title_en=title_en,
            text_en=text_en,
            valid_from=day,
        )
        add_answer(given=given, by=by, at=at)
    return len(ANSWERS)
