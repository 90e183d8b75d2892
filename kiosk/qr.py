"""QR codes of our links: as a grid for paper, as SVG for the screen.

A link is upper case, so that the code stays in its small alphanumeric mode (library qrcode splits by itself).
"""

from __future__ import annotations

import qrcode
from qrcode import constants, util

QUIET_MODULES = 4  # ISO/IEC 18004: white on all four sides
SCREEN_LEVEL, PAPER_LEVEL = "M", "Q"

_LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}

Grid = list[list[bool]]


def qr_grid(content: str, level: str) -> Grid:
    """The modules without quiet zone, True = dark; the mask is the best of the eight."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(content)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def widest_qr_side(content: str, level: str) -> int:
    """The modules of one side when a printer writes every letter as a byte instead of in alphanumeric mode."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(util.QRData(content, mode=util.MODE_8BIT_BYTE), optimize=0)
    return 17 + 4 * int(code.best_fit())


def module_dots(modules: int, width_dots: int, largest: int) -> int:
    """The largest whole module, at most `largest` dots, with which the code and its quiet zone fit the width."""
    return min(largest, width_dots // (modules + 2 * QUIET_MODULES))


def qr_svg(content: str) -> str:
    """One path on white, quiet zone included, one unit a module; the page gives it its size."""
    grid = qr_grid(content, SCREEN_LEVEL)
    side = len(grid) + 2 * QUIET_MODULES
    path = "".join(
        f"M{start + QUIET_MODULES} {row + QUIET_MODULES}h{length}v1h-{length}z"
        for row, modules in enumerate(grid)
        for start, length in _dark_runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _dark_runs(modules: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules in a row."""
    runs, start = [], None
    for position, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = position
        elif not dark and start is not None:
            runs.append((start, position - start))
            start = None
    return runs
