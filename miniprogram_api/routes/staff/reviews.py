"""Acts that wait for a person: the list, one of them, and the decision about one or many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound, Refusal
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.queries.review_details import review_shown
from miniprogram_api.queries.reviews import Reader, ReviewSearch, review_page, waiting_count
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Calls, caller_language, surroundings
from miniprogram_api.routes.problems import problem_text
from miniprogram_api.routes.staff.review_shapes import (
    AcceptBody,
    AskBody,
    RefuseBody,
    ReviewQuery,
    ReviewRead,
    Reviews,
    SelectedResults,
    SelectionBody,
)
from miniprogram_api.services.questions import ask_member
from miniprogram_api.services.reviews import Outcome, Refusing, Resolution, refuse_act, resolve_act

calls = Calls("staff", "reviews")
DECIDES_ANY = "approver"  # also about acts of many points
NO_SCENE = 0


@calls.get("/staff/reviews", caller=STAFF, query=ReviewQuery, answer=Reviews)
def list_reviews(person: StaffCaller, query: ReviewQuery) -> dict[str, Any]:
    """Acts that wait for a person, or were decided about"""
    here, session = surroundings(), db.session()
    search = ReviewSearch(
        query.state == "decided",
        query.reason,
        query.kiosk,
        _scene(query.scene),
        None if query.member is None else number_of(query.member) or 0,
        query.days,
        query.cursor,
        query.limit,
    )
    return {**review_page(session, search, _reader(), here.clock.now()), "waiting": waiting_count(session)}


@calls.get("/staff/reviews/<activity_id>", caller=STAFF, answer=ReviewRead)
def read_review(person: StaffCaller, activity_id: str) -> dict[str, Any]:
    """One act that waits or waited, with what helps to decide"""
    return _found(activity_id)


@calls.post(
    "/staff/reviews/<activity_id>/accept", caller=STAFF, body=AcceptBody, answer=ReviewRead, refuses=("not_allowed",)
)
def accept_review(person: StaffCaller, activity_id: str, body: AcceptBody) -> dict[str, Any]:
    """Credit an act that waits

    The rules of its own time decide what it brings; where they refuse it, so it is, with their reason.
    """
    _accept(person, activity_id, body.reason, body.occurred_at)
    return _found(activity_id)


@calls.post(
    "/staff/reviews/<activity_id>/refuse", caller=STAFF, body=RefuseBody, answer=ReviewRead, refuses=("not_allowed",)
)
def refuse_review(person: StaffCaller, activity_id: str, body: RefuseBody) -> dict[str, Any]:
    """Say that an act that waits doesn't count"""
    _refuse(person, activity_id, body.reason)
    return _found(activity_id)


@calls.post("/staff/reviews/<activity_id>/ask", caller=STAFF, body=AskBody, answer=ReviewRead, refuses=("not_allowed",))
def ask_review(person: StaffCaller, activity_id: str, body: AskBody) -> dict[str, Any]:
    """Ask the member one thing about an act that waits"""
    ask_member(db.session(), _number(activity_id), person.person_id, body.question, surroundings().clock)
    return _found(activity_id)


@calls.post("/staff/reviews/accept", caller=STAFF, body=SelectionBody, answer=SelectedResults)
def accept_reviews(person: StaffCaller, body: SelectionBody) -> dict[str, Any]:
    """Credit several acts that wait, each at the time it has and judged for itself"""
    return {"data": [_result(one, partial(_accept, person, one, body.reason)) for one in _each(body)]}


@calls.post("/staff/reviews/refuse", caller=STAFF, body=SelectionBody, answer=SelectedResults)
def refuse_reviews(person: StaffCaller, body: SelectionBody) -> dict[str, Any]:
    """Say of several acts that they don't count"""
    return {"data": [_result(one, partial(_refuse, person, one, body.reason)) for one in _each(body)]}


def _each(body: SelectionBody) -> list[str]:
    return list(dict.fromkeys(body.ids))


def _result(activity_id: str, decide: Callable[[], Outcome]) -> dict[str, Any]:
    nothing = {"id": activity_id, "state": None, "points": 0, "code": None, "title": None, "detail": None}
    try:
        outcome = decide()
    except Refusal as refusal:
        return {**nothing, "code": refusal.code, **problem_text(refusal.code, refusal.helps)}
    return {**nothing, "state": outcome.state, "points": outcome.points, "code": outcome.code}


def _accept(person: StaffCaller, activity_id: str, reason: str, occurred_at: int | None = None) -> Outcome:
    here = surroundings()
    wish = Resolution(_number(activity_id), occurred_at, _decider(person), reason)
    return resolve_act(db.session(), wish, here.island, here.clock)


def _refuse(person: StaffCaller, activity_id: str, reason: str) -> Outcome:
    here = surroundings()
    return refuse_act(db.session(), Refusing(_number(activity_id), _decider(person), reason), here.island, here.clock)


def _decider(person: StaffCaller) -> Decider:
    return Decider(person.person_id, any_points=DECIDES_ANY in person.roles)


def _reader() -> Reader:
    island = surroundings().island
    return Reader(island.directory, caller_language(), island.limits)


def _scene(slug: str | None) -> int | None:
    """The number of a scene, and one that none has for a word that names none."""
    if slug is None:
        return None
    rules = surroundings().island.directory.rules(surroundings().clock.now())
    return next((rule.scene.number for rule in rules if rule.scene.slug == slug), NO_SCENE)


def _number(activity_id: str) -> int:
    number = number_of(activity_id)
    if number is None:
        raise NotFound
    return number


def _found(activity_id: str) -> dict[str, Any]:
    shown = review_shown(db.session(), _number(activity_id), _reader())
    if shown is None:
        raise NotFound
    return shown
