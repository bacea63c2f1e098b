"""How the framework is drawn: each group of roles that moves join, as a ladder with other work beside it.

Nothing here knows a role by name. Roles that moves lead up to stand over one another on the left, the lowest
at the bottom; those that are reached sideways stand on the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from services.gateway.clients.careers import Move, Role

BOX_WIDTH, BOX_HEIGHT = 148.0, 48.0
ROW, EDGE, GAP = 76.0, 12.0, 52.0
LETTERS_IN_LINE = 15
WIDTH = 2 * EDGE + 2 * BOX_WIDTH + GAP


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A role in the picture: its corner, and its title in lines with the height of each."""

    x: float
    y: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A move in the picture: ``both`` where it goes either way, ``chosen`` where no source has it."""

    path: str
    both: bool
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """One group of roles, drawn."""

    title: str
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


Spots = dict[str, tuple[float, float]]


def drawn(roles: Sequence[Role], moves: Sequence[Move], *, chosen: str) -> list[Drawing]:
    """Return a drawing of each group of roles that moves join, in the order of the roles.

    ``chosen`` is the basis of a move that no source has.
    """
    known = {role.code: role for role in roles}
    within = [each for each in moves if each.start in known and each.end in known]
    return [_drawing([known[code] for code in group], within, chosen) for group in _groups(known, within)]


def alone(roles: Sequence[Role], moves: Sequence[Move]) -> list[Role]:
    """Return the roles that no move begins or ends at."""
    moved = {code for each in moves for code in (each.start, each.end)}
    return [role for role in roles if role.code not in moved]


def _groups(known: dict[str, Role], moves: Sequence[Move]) -> list[list[str]]:
    group_of = {code: {code} for code in known}
    for each in moves:
        joined = group_of[each.start] | group_of[each.end]
        for code in joined:
            group_of[code] = joined
    groups = {id(group): group for group in group_of.values() if len(group) > 1}
    return [[code for code in known if code in group] for group in groups.values()]


def _drawing(roles: Sequence[Role], moves: Sequence[Move], chosen: str) -> Drawing:
    codes = [role.code for role in roles]
    of_group = [each for each in moves if each.start in codes]
    ladder = _ladder(codes, of_group)
    beside = [code for code in codes if code not in ladder]
    rows = max(len(ladder), len(beside))
    spots: Spots = {code: (EDGE, (rows - 1 - at) * ROW + EDGE) for at, code in enumerate(ladder)}
    first = _first_row_beside(ladder, beside, of_group, rows)
    spots |= {code: (EDGE + BOX_WIDTH + GAP, (first + at) * ROW + EDGE) for at, code in enumerate(beside)}
    titles = {role.code: role.title for role in roles}
    return Drawing(
        title=", ".join(titles[code] for code in [*ladder, *beside]),
        height=(rows - 1) * ROW + BOX_HEIGHT + 2 * EDGE,
        boxes=tuple(_box(titles[code], *spot) for code, spot in spots.items()),
        lines=tuple(_line(each, of_group, spots, chosen) for each in _once(of_group)),
    )


def _ladder(codes: Sequence[str], moves: Sequence[Move]) -> list[str]:
    """Return the roles that moves lead up between, the lowest first; else the one that most moves touch."""
    upwards = [each for each in moves if each.kind == "vertical"]
    if not upwards:
        return [max(codes, key=lambda code: sum(code in (each.start, each.end) for each in moves))]
    on_it = [code for code in codes if any(code in (each.start, each.end) for each in upwards)]
    height = dict.fromkeys(on_it, 0)
    for _ in on_it:  # as often as the longest way can be, so that a circle ends too
        for each in upwards:
            height[each.end] = min(len(on_it), max(height[each.end], height[each.start] + 1))
    return sorted(on_it, key=lambda code: height[code])


def _first_row_beside(ladder: Sequence[str], beside: Sequence[str], moves: Sequence[Move], rows: int) -> int:
    """Return the row in which the roles beside the ladder begin, so that they stand around their origin."""
    touched = [
        rows - 1 - ladder.index(code)
        for each in moves
        for code in (each.start, each.end)
        if each.kind == "horizontal" and code in ladder
    ]
    middle = sum(touched) / len(touched) if touched else 0
    return int(min(max(0, round(middle - (len(beside) - 1) / 2)), rows - len(beside)))


def _box(title: str, x: float, y: float) -> Box:
    lines = wrap(title, LETTERS_IN_LINE, break_on_hyphens=False)
    top = y + BOX_HEIGHT / 2 + 5 - 9 * (len(lines) - 1)
    return Box(x=x, y=y, lines=tuple((line, top + 18 * at) for at, line in enumerate(lines)))


def _once(moves: Sequence[Move]) -> list[Move]:
    """Return the moves, of two in opposite directions the first alone."""
    seen: dict[frozenset[str], Move] = {}
    for each in moves:
        seen.setdefault(frozenset((each.start, each.end)), each)
    return list(seen.values())


def _line(move: Move, moves: Sequence[Move], spots: Spots, chosen: str) -> Line:
    back = any((each.start, each.end) == (move.end, move.start) for each in moves)
    (x, y), (to_x, to_y) = spots[move.start], spots[move.end]
    if x != to_x:
        outward = x < to_x
        begin, end = (x + BOX_WIDTH if outward else x), (to_x if outward else to_x + BOX_WIDTH)
        path = f"M{begin:g} {y + BOX_HEIGHT / 2:g}L{end:g} {to_y + BOX_HEIGHT / 2:g}"
    elif abs(y - to_y) <= ROW:
        middle, up = x + BOX_WIDTH / 2, to_y < y
        begin, end = (y if up else y + BOX_HEIGHT), (to_y + BOX_HEIGHT if up else to_y)
        path = f"M{middle:g} {begin:g}L{middle:g} {end:g}"
    else:  # past the boxes between them, on the outer side of their column
        side = x if x == EDGE else x + BOX_WIDTH
        bend = side - EDGE if x == EDGE else side + EDGE
        half = BOX_HEIGHT / 2
        path = (
            f"M{side:g} {y + half:g}C{bend:g} {y + half:g} {bend:g} {to_y + half:g} {side:g} {to_y + half:g}"
        )
    return Line(path=path, both=back, chosen=move.basis == chosen)
