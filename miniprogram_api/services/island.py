"""What every use case is given of this island: its directory, secrets, address and limits."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram_api.books.directory import Directory
from miniprogram_api.domain.keys import Keys
from miniprogram_api.domain.limits import LIMITS, Limits


@dataclass(frozen=True)
class Island:
    """`code_base_url` is what our own links start with, without a slash at the end."""

    directory: Directory
    keys: Keys
    code_base_url: str
    limits: Limits = LIMITS
