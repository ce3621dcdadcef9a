"""A community, a sub-district and a department work on one case, and the wall beside them shows every step."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.given import middle_of_own_grid, opens_more, reported
from journeys.pictures import photo

TITLE = "望河路与听雨路交叉口污水外溢"


def test_the_wall_shows_every_step_of_three_desks(desk: Callable[..., Desk], tmp_path: Path) -> None:
    # Given three desks and a wall
    community, seat, clerk, wall = (
        desk("community"),
        desk("street_seat"),
        desk("department_clerk"),
        desk("commander"),
    )
    wall.page.goto("/wall/command")
    feed = wall.page.get_by_role("region", name="实时动态")

    def wall_says(step: str) -> None:
        line = feed.get_by_role("listitem").filter(has_text=TITLE)
        expect(line.get_by_text(step, exact=True)).to_be_visible()

    # When the community reports what it cannot settle, and hands it up
    path = reported(community, TITLE, place=middle_of_own_grid(desk("grid_worker")), source="walk_in")
    wall_says("上报")
    community.page.goto(path)
    opens_more(community, "上报上级")
    community.page.get_by_label("理由").fill("排水管网不归社区管，请街道协调。")
    community.page.get_by_label("理由").press("Control+Enter")
    wall_says("上报上级")

    # And the sub-district sends a department
    seat.page.goto(path)
    seat.presses("受理")
    seat.page.get_by_role("button", name="下水道堵塞").click()  # the category it guesses
    seat.page.get_by_label("事项").press("Control+Enter")
    wall_says("受理")
    seat.presses("派发").chooses("主办单位", "城管", "听雨街道城管中队")
    seat.page.keyboard.press("Control+Enter")
    wall_says("派发")

    # And the department sees to it
    clerk.page.goto(path)
    clerk.presses("签收")
    wall_says("签收")
    clerk.presses("处置完成")
    clerk.page.get_by_label("说明").fill("管道已疏通，路面已冲洗。")
    before, after = photo(tmp_path / "疏通前.jpg"), photo(tmp_path / "疏通后.jpg")  # this category asks for both
    clerk.page.get_by_label("添加照片或文件").set_input_files([before, after])
    clerk.page.get_by_label("疏通前.jpg 拍的是").select_option(label="处置前")
    expect(clerk.page.get_by_label("疏通后.jpg 拍的是")).to_have_value("after")
    clerk.page.get_by_label("说明").press("Control+Enter")
    wall_says("处置完成")

    # And the sub-district looks at it and closes it
    seat.presses("复核通过")
    wall_says("复核通过")
    seat.presses("结案")
    seat.page.get_by_text("已解决", exact=True).click()
    seat.presses("结案")

    # Then the wall has shown each step, and the community, which touched nothing since, sees the end as well
    wall_says("结案")
    expect(community.history.get_by_text("结案", exact=True)).to_be_visible()
