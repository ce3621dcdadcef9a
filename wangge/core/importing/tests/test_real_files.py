"""The real files beside the repository, read by the readers everybody uses: every row counted as the README does."""

from pathlib import Path

import pytest

from wangge.core.importing.readers import Table, open_table

SHARED_DATA = Path(__file__).resolve().parents[5] / "shared" / "data"

FILES = [
    ("divisions_2023/provinces.csv", 31, ("code", "name")),
    (
        "divisions_2023/nanjing_villages.csv",
        1_322,
        ("cityCode", "市", "areaCode", "区县", "streetCode", "街道", "社区代码", "社区"),
    ),
    ("divisions_2023/jiangsu_villages.csv.gz", 21_958, None),
    ("divisions_2023/streets.csv.gz", 41_352, None),
    ("district_events_2018/events.csv", 6_000, None),
    ("district_events_2018/communities.csv", 25, None),
    ("district_events_2018/dispose_units.csv", 156, ("code", "name")),
    ("city_management_standard/events_standard.csv", 144, None),
    ("city_management_standard/facilities_standard_with_law.csv", 279, None),
    (
        "citizen_messages_2020/raw_labelled.csv",
        247,
        ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级标签"),
    ),
    ("citizen_messages_2020/messages_with_replies.csv.gz", 2_816, None),
    ("boundaries/beijing_streets_wgs84.geojson", 331, None),
    ("boundaries/nanjing_districts_tianditu_wgs84.geojson", 11, None),
]


def real(name: str) -> Table:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"real files are not here: {path}")
    return open_table(path)


@pytest.mark.parametrize(("name", "count", "columns"), FILES, ids=[name for name, _, _ in FILES])
def test_a_real_file_is_read_whole(name: str, count: int, columns: tuple[str, ...] | None) -> None:
    read = real(name)
    rows = list(read.rows())
    assert len(rows) == count
    assert [fault for row in rows for fault in row.faults] == []
    assert columns is None or read.columns == columns
    assert all((row.geometry is not None) == name.endswith(".geojson") for row in rows)


def test_qinhuai_has_108_communities_under_sixteen_streets() -> None:
    rows = [
        row.values for row in real("divisions_2023/nanjing_villages.csv").rows() if row.values["areaCode"] == "320104"
    ]
    assert len(rows) == 108
    assert len({row["streetCode"] for row in rows}) == 16
