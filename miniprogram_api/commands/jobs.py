"""`./island jobs`: what happens on a clock, done by one process at a time (a lease keeps others waiting)."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock, SystemClock
from miniprogram_api.commands.data_folder import DEFAULT, data_folder
from miniprogram_api.commands.reconcile import check_books
from miniprogram_api.commands.surroundings import StartRefused, open_database
from miniprogram_api.config import SettingsRefused, load_wechat_settings
from miniprogram_api.db import DatabaseAway
from miniprogram_api.queries.jobs import ROUND_SECONDS, jobs_due
from miniprogram_api.services.daily_sums import close_days
from miniprogram_api.services.expiry import expire_lots, members_with_expired_lots
from miniprogram_api.services.fair_use import forget_uses
from miniprogram_api.services.job_runs import JobFailed, begin_run, end_run, give_up_runs
from miniprogram_api.services.leases import Fence, LeaseLost, take_lease
from miniprogram_api.services.messages import send_messages
from miniprogram_api.services.notices import note_silences
from miniprogram_api.services.refunds import expire_voucher, overdue_vouchers
from miniprogram_api.services.walks import half_walks_over, refuse_half_walk
from miniprogram_api.services.wechat import wechat_of

MISFIRE_SECONDS = 3600
ISLAND_TIME = ZoneInfo("Asia/Shanghai")
log = logging.getLogger("tanyu.jobs")

Job = Callable[[Session, Fence, Clock], int]


def end_overdue_vouchers(session: Session, fence: Fence, clock: Clock) -> int:
    """Vouchers past their last moment end and give their points back; answers how many. One transaction each."""
    ended = 0
    while overdue := overdue_vouchers(session, clock.now()):
        ended += sum(expire_voucher(session, voucher, fence, clock) for voucher in overdue)
    return ended


def end_expired_points(session: Session, fence: Fence, clock: Clock) -> int:
    """Points whose last day is over leave the balances; answers how many members had some."""
    members = 0
    while found := members_with_expired_lots(session, clock.now()):
        for member in found:
            expire_lots(session, member, fence, clock)
        members += len(found)
    return members


def refuse_half_walks(session: Session, fence: Fence, clock: Clock) -> int:
    """Ends of walks whose other end nobody read count no more; answers how many. One transaction each."""
    refused = 0
    while over := half_walks_over(session, clock.now()):
        refused += sum(refuse_half_walk(session, act, fence, clock) for act in over)
    return refused


def remind_members(session: Session, fence: Fence, clock: Clock) -> int:
    """Who asked for it is told on WeChat what expires soon; answers how many messages went out."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    settings = load_wechat_settings()
    return send_messages(session, wechat_of(settings.wechat, settings.environment, engine, clock), fence, clock)


# What is done at the times of domain.jobs.TIMETABLE, which also says the order of a round.
JOBS: dict[str, Job] = {
    "expire_vouchers": end_overdue_vouchers,
    "expire_points": end_expired_points,
    "silent_kiosks": note_silences,
    "forget_uses": forget_uses,
    "daily_sums": close_days,
    "refuse_half_walks": refuse_half_walks,
    "reconcile": check_books,
    "remind_members": remind_members,
}


@dataclass
class Runner:
    """Runs every job that has something to do, as long as this process holds the lease."""

    engine: Engine
    clock: Clock
    holder: str

    def run_all(self) -> dict[str, int | None] | None:
        """One round of what is due; answers the units of work of each job, with None for one that failed, and nothing
        at all (None) while another process holds the lease.

        A process that was away for days catches up in its first round, for each job looks for what is due. A job that
        fails holds back none of the others. Raises DatabaseAway, LeaseLost.
        """
        with Session(self.engine) as session:
            fence = take_lease(session, self.holder, self.clock)
            if fence is None:
                return None
            give_up_runs(session, fence, self.clock)
            due = jobs_due(session, self.clock.now())
            session.rollback()
            return {job: self._run(session, job, fence) for job in due}

    def _run(self, session: Session, name: str, fence: Fence) -> int | None:
        run = begin_run(session, name, fence, self.clock)
        try:
            units = JOBS[name](session, fence, self.clock)
        except LeaseLost:
            end_run(session, run, "failed", 0, self.clock, why="taken_over")
            raise
        except JobFailed as failed:
            log.warning("%s: %s", name, failed.detail)
            end_run(session, run, "failed", failed.units, self.clock, **failed.detail)
            return None
        except (DatabaseAway, OperationalError) as away:
            log.warning("%s: the database was away (%s)", name, type(away).__name__)
            end_run(session, run, "failed", 0, self.clock, why="away")
            return None
        except Exception as error:
            log.exception("%s failed", name)
            end_run(session, run, "failed", 0, self.clock, why="error", error=type(error).__name__)
            return None
        end_run(session, run, "done", units, self.clock)
        if units:
            log.info("%s: %d", name, units)
        return units

    def run_on_the_clock(self) -> None:
        """One round whose troubles are the next one's to mend."""
        try:
            self.run_all()
        except DatabaseAway:
            log.warning("the database is away; the next round tries again")
        except LeaseLost:
            log.warning("another process took over")


def main(arguments: list[str]) -> int:
    """Runs until it is stopped; with --once, one round."""
    parser = argparse.ArgumentParser(prog="./island jobs", description=__doc__)
    parser.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    parser.add_argument("--once", action="store_true", help="one round, then end")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    try:
        load_wechat_settings()  # a wrong one stops the start, not the day's first message
        runner = Runner(open_database(data_folder(asked.data)), SystemClock(), _holder())
    except (StartRefused, SettingsRefused) as reason:
        print(reason)
        return 1
    if asked.once:
        return _say(runner.run_all())
    _run_on_the_clock(runner)
    return 0


def _say(done: dict[str, int | None] | None) -> int:
    """What was done, on the terminal; the exit code is 1 when a job failed."""
    if done is None:
        print("Another process does the jobs.")
        return 0
    print(", ".join(f"{job}: {'failed' if units is None else units}" for job, units in done.items()))
    return 1 if None in done.values() else 0


def _holder() -> str:
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


def _run_on_the_clock(runner: Runner) -> None:
    scheduler = BackgroundScheduler(timezone=ISLAND_TIME)
    scheduler.add_job(
        runner.run_on_the_clock,
        "interval",
        seconds=ROUND_SECONDS,
        next_run_time=datetime.now(ISLAND_TIME),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=MISFIRE_SECONDS,
    )
    scheduler.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    scheduler.shutdown(wait=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
