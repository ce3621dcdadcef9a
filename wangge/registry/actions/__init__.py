"""What other rooms may call: the one write path and what is done to records beside it."""

from wangge.registry.actions.apart import tell_apart
from wangge.registry.actions.collect import Stands, collect
from wangge.registry.actions.differences import decide
from wangge.registry.actions.ends import end_record, erase_person
from wangge.registry.actions.merging import merge, unmerge
from wangge.registry.actions.put import Where, Written, put
from wangge.registry.actions.source import Source
from wangge.registry.actions.ties import (
    PartGiven,
    add_member,
    add_part,
    end_part,
    remove_member,
    tie_person,
    untie,
)

__all__ = [
    "PartGiven",
    "Source",
    "Stands",
    "Where",
    "Written",
    "add_member",
    "add_part",
    "collect",
    "decide",
    "end_part",
    "end_record",
    "erase_person",
    "merge",
    "put",
    "remove_member",
    "tell_apart",
    "tie_person",
    "unmerge",
    "untie",
]
