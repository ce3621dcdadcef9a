"""Duplicates on paper: a case joined into the one it repeats, and now and then taken out again."""

from bisect import bisect_right
from datetime import datetime
from typing import Any

from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import OPEN, Stage, State
from wangge.demo.people import Desk
from wangge.demo.records import Joined, Line
from wangge.demo.story import Story


def can_join(story: Story, main: Story, at: datetime) -> bool:
    """`main` has been played to its end already, so it is asked how it stood then.

    Not while it waited to be accepted: its own clock would start where the duplicate's did (actions/join.py).
    """
    then = main.state_at(at)
    return (
        main.joined_to is None
        and then in OPEN
        and then is not State.REPORTED
        and main.complained == story.complained
        and not any(whistle.is_open for whistle in story.whistles)
    )


def join(story: Story, at: datetime, by: Desk, main: Story, text: str) -> None:
    story.turn(Move.JOIN, at, keep_state=True)
    stopped = [clock for clock in story.clocks if clock.runs]
    story.drop(at, *Stage)
    story.joins.append(Joined(into=main.id, into_grid=main.grid, state_before=story.state, at=at, stopped=stopped))
    story.state, story.joined_to = State.JOINED, main.id
    story.say(Move.JOIN, at, by, text, {"into": main.number})
    _tell(main, Move.JOIN, at, by, text, {"joined": story.number})


def separate(story: Story, at: datetime, by: Desk, main: Story, reason: str) -> None:
    """Before any of the clocks it stopped would have run out."""
    story.turn(Move.SEPARATE, at)
    joined = story.joins[-1]
    joined.undone_at = at
    story.state, story.joined_to = joined.state_before, None
    for clock in joined.stopped:
        clock.dropped_at = None
        story.count(clock, at)
    story.say(Move.SEPARATE, at, by, reason, {"from": main.number})
    _tell(main, Move.SEPARATE, at, by, reason, {"separated": story.number})


def may_separate(story: Story, at: datetime) -> bool:
    return at < story.now and all(
        moment is None or moment > at for clock in story.joins[-1].stopped for moment in (clock.due_at, clock.amber_at)
    )


def _tell(main: Story, move: Move, at: datetime, by: Desk, text: str, data: dict[str, Any]) -> None:
    """The same deed on the other case's record, between the lines it has already."""
    place = bisect_right(main.lines, at, key=lambda line: line.at)
    main.lines.insert(place, Line(kind=move, at=at, state=main.state_at(at), by=by, text=text, data=data))
    main.version += 1
    main.changed_at = max(main.changed_at, at)
