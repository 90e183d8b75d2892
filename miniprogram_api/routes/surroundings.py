"""What a running application was made with, reachable from a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from miniprogram_api.clock import Clock
from miniprogram_api.config import Settings
from miniprogram_api.queries.island import Figures
from miniprogram_api.routes.fair_use import FairUse
from miniprogram_api.routes.right_of_way import RightOfWay
from miniprogram_api.services.island import Island
from miniprogram_api.services.sessions import Wechat

NAME = "tanyu"


@dataclass(frozen=True)
class Surroundings:
    """Handed to services by the views; one per application, never changed."""

    settings: Settings
    island: Island
    clock: Clock
    wechat: Wechat
    figures: Figures
    right_of_way: RightOfWay
    fair_use: FairUse


def surround(app: Flask, surroundings: Surroundings) -> None:
    """Keep the surroundings with the application that was made with them."""
    app.extensions[NAME] = surroundings


def surroundings() -> Surroundings:
    """The surroundings of the application that answers this request."""
    return cast(Surroundings, current_app.extensions[NAME])
