"""What a member's acts came to: points and grams of one month, by day and by scene.

Only acts that stand in the books: what was taken back doesn't count.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, func, literal, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, day_begins, iso_day, month_days, period_number
from miniprogram_api.domain.comparisons import COMPARISONS, tenths_of
from miniprogram_api.models import Act, MemberBalance, Reversal
from miniprogram_api.queries.history import Rulebook, amount_text, in_language

FIGURES = ("acts", "points", "reduction_grams")
DAY = (Act.occurred_at + literal(OFFSET_SECONDS, literal_execute=True)) // literal(DAY_SECONDS, literal_execute=True)


def member_reductions(
    session: Session, member_id: int, month: int | None, rulebook: Rulebook, language: str, now: int
) -> dict[str, Any]:
    """The sums of one month (YYYYMM), of the newest one with an act where none is named; `earlier` and `later` are the
    next months to either side that have any."""
    if month is None:
        newest = _nearest(session, member_id, Act.occurred_at.desc())
        month = period_number("month", now if newest is None else newest)
    first, last = month_days(month)
    begins, ends = day_begins(first), day_begins(last + 1)
    rows = session.execute(_sums(member_id, begins, ends)).all()
    grams: int = session.execute(
        select(MemberBalance.reduction_grams).where(MemberBalance.member_id == member_id)
    ).scalar_one()
    return {
        "month": month_text(month),
        "earlier": _month_of(_nearest(session, member_id, Act.occurred_at.desc(), Act.occurred_at < begins)),
        "later": _month_of(_nearest(session, member_id, Act.occurred_at, Act.occurred_at >= ends)),
        "total": _total(rows),
        "days": [{"day": iso_day(day), **sums} for day, sums in sorted(_by(rows, "day").items())],
        "scenes": _scenes(_by(rows, "scene"), rulebook, language, now),
        "reduction_grams": grams,
        "comparisons": _comparisons(grams),
    }


def month_text(month: int) -> str:
    """YYYYMM as YYYY-MM."""
    return f"{month // 100}-{month % 100:02}"


def _counting(member_id: int) -> tuple[Any, ...]:
    """The member's acts that stand in the books."""
    taken_back = exists().where(Reversal.act_id == Act.id)
    return Act.member_id == member_id, Act.state == "credited", ~taken_back


def _sums(member_id: int, begins: int, ends: int) -> Select[Any]:
    """At most 31 days times the scenes there are, by the index of a member's acts in time."""
    figures = (func.count(), func.sum(Act.points), func.sum(Act.reduction_grams))
    named: list[Any] = [figure.label(name) for figure, name in zip(figures, FIGURES, strict=True)]
    return (
        select(DAY.label("day"), Act.scene, *named)
        .where(*_counting(member_id), Act.occurred_at >= begins, Act.occurred_at < ends)
        .group_by(DAY, Act.scene)
    )


def _nearest(session: Session, member_id: int, order: Any, *where: Any) -> int | None:
    """When the first act of that order occurred that counts, None without one."""
    statement = select(Act.occurred_at).where(*_counting(member_id), *where).order_by(order).limit(1)
    found: int | None = session.execute(statement).scalar()
    return found


def _month_of(moment: int | None) -> str | None:
    return None if moment is None else month_text(period_number("month", moment))


def _by(rows: Any, name: str) -> dict[int, dict[str, int]]:
    """The rows added up by one of their columns; PostgreSQL sums as decimals."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        sums = found.setdefault(int(getattr(row, name)), dict.fromkeys(FIGURES, 0))
        for figure in FIGURES:
            sums[figure] += int(getattr(row, figure))
    return found


def _total(rows: Any) -> dict[str, int]:
    return {figure: sum(int(getattr(row, figure)) for row in rows) for figure in FIGURES}


def _scenes(sums: dict[int, dict[str, int]], rulebook: Rulebook, language: str, now: int) -> list[dict[str, Any]]:
    """Most grams first, then most points."""
    scenes = {rule.scene.number: rule.scene for rule in rulebook.rules(now)}
    shown = [
        {"id": scenes[number].slug, "name": in_language(scenes[number], "name", language), "icon": scenes[number].icon}
        | figures
        for number, figures in sums.items()
    ]
    return sorted(shown, key=lambda one: (-one["reduction_grams"], -one["points"], one["id"]))


def _comparisons(grams: int) -> list[dict[str, Any]]:
    """Those that come to a tenth at least."""
    return [
        {
            "id": one.id,
            "icon": one.icon,
            "amount": amount_text(tenths_of(one, grams), 10),
            "unit": one.unit,
            "value": one.value,
            "source": one.source,
            "year": one.year,
        }
        for one in COMPARISONS
        if tenths_of(one, grams)
    ]
