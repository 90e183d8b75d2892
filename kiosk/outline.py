"""Reads an SVG path (M L H V C S Q Z, absolute and relative) as polygons, for drawing without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

CURVE_STEPS = 12

Point = tuple[float, float]
Polygon = list[Point]

_TOKEN = re.compile(r"([A-Za-z])|(-?(?:\d+\.\d*|\.\d+|\d+))")
# How many numbers one turn of each command takes.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}


def polygons(path: str) -> list[Polygon]:
    """One polygon for each closed piece of the path; raises ValueError for a command that is not known here."""
    pieces: list[Polygon] = []
    here: Point = (0.0, 0.0)
    handle: Point | None = None  # second handle of the curve before, which S mirrors
    for command, numbers in _turns(path):
        name = command.upper()
        if name == "Z":
            here = pieces[-1][0]
            continue
        points = _points(name, numbers, here, relative=command.islower())
        if name == "M":
            pieces.append([points[0]])
        else:
            curve, handle = _curve(name, here, points, handle)
            pieces[-1] += curve
        here = points[-1]
    return pieces


def _turns(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; numbers that go on after a full turn repeat it (after M as L)."""
    command = ""
    numbers: list[float] = []
    for letter, number in _TOKEN.findall(path):
        if letter:
            command, numbers = letter, []
            if letter.upper() not in _TAKES:
                raise ValueError(f"the path command {letter!r} is not drawn here")
        else:
            numbers.append(float(number))
        if len(numbers) == _TAKES[command.upper()]:
            yield command, numbers
            numbers = []
            command = {"M": "L", "m": "l"}.get(command, command)


def _points(name: str, numbers: list[float], here: Point, *, relative: bool) -> list[Point]:
    left, top = here if relative else (0.0, 0.0)
    if name == "H":
        return [(numbers[0] + left, here[1])]
    if name == "V":
        return [(here[0], numbers[0] + top)]
    return [(x + left, y + top) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _curve(name: str, here: Point, points: list[Point], handle: Point | None) -> tuple[Polygon, Point | None]:
    """The points after `here`, and the handle that a following S mirrors."""
    if name in "LHV":
        return points, None
    if name == "Q":
        return [_bezier((here, points[0], points[0], points[1]), step, quadratic=True) for step in _steps()], None
    if name == "S":
        mirrored = here if handle is None else (2 * here[0] - handle[0], 2 * here[1] - handle[1])
        points = [mirrored, *points]
    board = (here, points[0], points[1], points[2])
    return [_bezier(board, step, quadratic=False) for step in _steps()], points[1]


def _steps() -> list[float]:
    return [step / CURVE_STEPS for step in range(1, CURVE_STEPS + 1)]


def _bezier(board: tuple[Point, Point, Point, Point], t: float, *, quadratic: bool) -> Point:
    u = 1 - t
    weights = (u * u, 2 * u * t, 0.0, t * t) if quadratic else (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, board, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, board, strict=True))
    return x, y
