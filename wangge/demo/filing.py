"""Under which category each topic is filed, and which unit the dispatch rules suggest for it."""

from wangge.accounts.models import Unit
from wangge.cases.configuration import CategoryInfo, Configuration
from wangge.cases.models import DispatchRule, Scheme
from wangge.demo.plan import SINCE
from wangge.demo.topics import TOPICS

SCHEME = "WG"
Filed = dict[str, CategoryInfo]


class NoCategories(Exception):
    """The demonstration scheme comes with the migrations; without any category no case can be accepted."""


def file_topics(config: Configuration) -> Filed:
    """Code -> category of the demonstration scheme. Raises NoCategories when the topics know one that is not there."""
    own = set(Scheme.objects.filter(code=SCHEME).values_list("pk", flat=True))
    found = {one.path.split("/")[-2]: one for one in config.categories.values() if one.scheme_id in own and one.is_leaf}
    missing = {variant.category for topic in TOPICS for variant in topic.variants} - found.keys()
    if missing:
        raise NoCategories(sorted(missing))
    return found


def write_rules(filed: Filed, units: dict[str, Unit]) -> None:
    """Branches on the spot first, then the whole department: the first rule that fits is the one suggested."""
    rules: list[DispatchRule] = []
    for category, department in _departments().items():
        code = f"D-{department.upper()}"
        branches = [unit for unit in units.values() if unit.code.startswith(f"{code}-")]
        rules += [_rule(filed[category], branch, branch.division, "属地派驻机构先办") for branch in branches]
        rules.append(_rule(filed[category], units[code], units[code].division, "区级主管部门"))
    rules.sort(key=lambda rule: -len(rule.code))
    for number, rule in enumerate(rules, start=1):
        rule.order = number * 10
    DispatchRule.objects.bulk_create(rules, batch_size=2000)


def _departments() -> dict[str, str]:
    """Category -> the department of the first topic that has it."""
    found: dict[str, str] = {}
    for topic in TOPICS:
        for variant in topic.variants:
            found.setdefault(variant.category, topic.department)
    return found


def _rule(category: CategoryInfo, unit: Unit, code: str, note: str) -> DispatchRule:
    return DispatchRule(
        order=0,
        scheme_id=category.scheme_id,
        category_path=category.path,
        code=code,
        unit=unit,
        note=note,
        valid_from=SINCE,
    )
