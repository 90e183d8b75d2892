"""The shapes that several of a counter's calls answer with."""

from __future__ import annotations

from miniprogram_api.routes.api import Answer, Moment, PublicId


class CounterItem(Answer):
    id: PublicId
    name: str
    icon: str
    image: str | None


class RedemptionAnswer(Answer):
    """`settlement_fen` is what the programme owes the merchant for it, nothing once it is undone."""

    id: PublicId
    item: CounterItem
    quantity: int
    settlement_fen: int
    redeemed_at: Moment
    undone_at: Moment | None
