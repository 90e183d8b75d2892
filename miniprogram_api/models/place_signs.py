"""Printed signs of places: an opaque id for each place, and WeChat's picture of it once it was fetched."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Word


class PlaceSign(Base):
    """A sign on a wall stays for years: neither its id nor its picture ever changes. `app_id` is the mini-program that
    the picture opens."""

    __tablename__ = "place_signs"
    __table_args__ = (
        CheckConstraint(
            "(picture IS NULL) = (app_id IS NULL) AND (picture IS NULL) = (fetched_at IS NULL)",
            name="picture_with_its_facts",
        ),
    )

    id: Mapped[Key]
    venue_id: Mapped[Word] = mapped_column(ForeignKey("venues.id"), unique=True)
    made_at: Mapped[Moment]
    app_id: Mapped[Word | None]
    picture: Mapped[Bytes | None]
    fetched_at: Mapped[Moment | None]
