"""Pages of a list: how many rows, and where to go on."""

from __future__ import annotations

from typing import Annotated

from miniprogram_api.queries.paging import PAGE_ROWS, PAGE_ROWS_MAX
from miniprogram_api.routes.scalars import DIGITS, Body, Cursor, whole


class Page(Body):
    """`cursor` is the `next` of the page before."""

    cursor: Cursor | None = None
    limit: Annotated[int, whole(1, PAGE_ROWS_MAX), DIGITS] = PAGE_ROWS
