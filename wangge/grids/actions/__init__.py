"""What changes the map and its teams: the one way in for other rooms."""

from wangge.grids.actions.aliases import add_alias, end_alias
from wangge.grids.actions.cancelling import cancel_redraw
from wangge.grids.actions.divisions import change_division, create_division
from wangge.grids.actions.ending import end_division, end_grid
from wangge.grids.actions.founding import found_grid
from wangge.grids.actions.grids import change_grid, create_grid
from wangge.grids.actions.plans import approve_plan, return_plan, save_plan, submit_plan, withdraw_plan
from wangge.grids.actions.redraw import draw_boundary, merge_grids, move_border, split_grid
from wangge.grids.actions.teams import add_member, change_member, end_member
from wangge.grids.following import on_redraw, take_effect

__all__ = [
    "add_alias",
    "add_member",
    "approve_plan",
    "cancel_redraw",
    "change_division",
    "change_grid",
    "change_member",
    "create_division",
    "create_grid",
    "draw_boundary",
    "end_alias",
    "end_division",
    "end_grid",
    "end_member",
    "found_grid",
    "merge_grids",
    "move_border",
    "on_redraw",
    "return_plan",
    "save_plan",
    "split_grid",
    "submit_plan",
    "take_effect",
    "withdraw_plan",
]
