"""The steps of a proposal as they are kept: JSON in, the pure steps of rules/plan.py out, and back.

Checked by schemas/plans.py before they are kept, so that what is read here is sound in form.
"""

import json
from typing import Any

import shapely
from shapely import LineString

from wangge.grids.rules import plan
from wangge.grids.rules.geometry import Area, as_area

Kept = dict[str, Any]


def places_of(one: Kept) -> list[str]:
    """The codes that a step of one community names."""
    match one["act"]:
        case "merge":
            return list(one["codes"])
        case "move":
            return [one["one"], one["other"]]
        case "shift":
            return list(one["shapes"])
        case "found":
            return [one["under"]]
    return [one["code"]]


def read_step(one: Kept) -> plan.Step:
    match one["act"]:
        case "split":
            codes, names = tuple(one["codes"]), tuple(one.get("names", ()))
            return plan.Split(code=one["code"], line=LineString(one["line"]), codes=codes, names=names)
        case "merge":
            return plan.Merge(codes=tuple(one["codes"]), into=one["into"], name=one.get("name", ""))
        case "move":
            return plan.MoveBorder(one=one["one"], other=one["other"], line=LineString(one["line"]))
        case "draw":
            return plan.Reshape(code=one["code"], shape=_area(one["shape"]))
        case "shift":
            return plan.Shift(shapes={code: _area(shape) for code, shape in one["shapes"].items()})
        case "found":
            return plan.Found(code=one["code"], name=one["name"], type=one["type"], shape=_area(one["shape"]))
        case "pass_on":
            return plan.PassOn(source=one["source"], to=one["to"], codes=one["codes"], ends=one["ends"])
    raise ValueError(one["act"])


def _area(shape: Kept) -> Area:
    return as_area(shapely.from_geojson(json.dumps(shape)))
