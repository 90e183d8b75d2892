"""Phones go before kiosks: while people scan, one upload of a journal at a time is worked on at this machine.

When a fleet comes back after days, its uploads would fill every worker and each scan would wait behind all of them. A
kiosk that is told to come again loses nothing; a person at the pier waits.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, request

from miniprogram_api.routes.problems import Problem

LOGGER = logging.getLogger("tanyu.right_of_way")
PEOPLE = ("/api/v1/member/", "/api/v1/merchant/")
ABOUT_SECONDS = 2.0  # so long after a call of theirs people are about
NOTED_SECONDS = 0.5  # a worker writes it down no more often
AGAIN_SECONDS = 1


class RightOfWay:
    """`file` is one for all workers of the machine: its lock is held by the upload that is worked on, its time is that
    of the last call of a person. Where it can't be made nobody is turned away."""

    def __init__(self, file: Path) -> None:
        self._file, self._noted_at = file, 0.0
        try:
            file.touch(exist_ok=False)
            os.utime(file, (0, 0))
        except FileExistsError:
            pass
        except OSError as trouble:
            LOGGER.warning("uploads and scans take turns as they come: %s", trouble)

    def note_person(self) -> None:
        """Somebody's phone or till is being answered."""
        if time.monotonic() - self._noted_at < NOTED_SECONDS:
            return
        self._noted_at = time.monotonic()
        try:
            os.utime(self._file)
        except OSError:
            return  # said when the server started

    @contextmanager
    def upload(self) -> Iterator[None]:
        """Work on one upload. Raises Problem (busy) while another one is worked on and people are about."""
        try:
            lane = os.open(self._file, os.O_RDWR)
        except OSError:
            yield
            return
        try:
            if not _locked(lane) and time.time() - os.fstat(lane).st_mtime < ABOUT_SECONDS:
                raise Problem("busy", retry_after=AGAIN_SECONDS)
            yield
        finally:
            os.close(lane)


def _locked(lane: int) -> bool:
    try:
        fcntl.flock(lane, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def note_people(app: Flask, right_of_way: RightOfWay) -> None:
    """Every call of a member or a merchant says that people are about."""

    @app.before_request
    def note() -> None:
        if request.path.startswith(PEOPLE):
            right_of_way.note_person()
