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
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock, SystemClock
from miniprogram_api.commands.data_folder import DEFAULT, data_folder
from miniprogram_api.commands.surroundings import open_database
from miniprogram_api.services.expiry import expire_lots, members_with_expired_lots
from miniprogram_api.services.job_runs import begin_run, end_run
from miniprogram_api.services.leases import Fence, LeaseLost, take_lease
from miniprogram_api.services.refunds import expire_voucher, overdue_vouchers

EVERY_SECONDS = 60
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


# Vouchers first: what they give back may be past its own day as well.
JOBS: dict[str, Job] = {"expire_vouchers": end_overdue_vouchers, "expire_points": end_expired_points}


@dataclass
class Runner:
    """Runs every job that has something to do, as long as this process holds the lease."""

    engine: Engine
    clock: Clock
    holder: str

    def run_all(self) -> dict[str, int] | None:
        """One round; answers the units of work of each job, None while another process holds the lease.

        A process that was away for days catches up in its first round, for each job looks for what is due.
        """
        with Session(self.engine) as session:
            fence = take_lease(session, self.holder, self.clock)
            if fence is None:
                return None
            return {name: self._run(session, name, job, fence) for name, job in JOBS.items()}

    def _run(self, session: Session, name: str, job: Job, fence: Fence) -> int:
        run = begin_run(session, name, fence, self.clock)
        try:
            units = job(session, fence, self.clock)
        except LeaseLost:
            end_run(session, run, "failed", 0, "another process took over", self.clock)
            raise
        except Exception as error:
            end_run(session, run, "failed", 0, type(error).__name__, self.clock)
            raise
        end_run(session, run, "done", units, "", self.clock)
        if units:
            log.info("%s: %d", name, units)
        return units


def main(arguments: list[str]) -> int:
    """Runs until it is stopped; with --once, one round."""
    parser = argparse.ArgumentParser(prog="./island jobs", description=__doc__)
    parser.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    parser.add_argument("--once", action="store_true", help="one round, then end")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    runner = Runner(open_database(data_folder(asked.data)), SystemClock(), _holder())
    if asked.once:
        done = runner.run_all()
        print("Another process does the jobs." if done is None else ", ".join(f"{k}: {v}" for k, v in done.items()))
        return 0
    _run_on_the_clock(runner)
    return 0


def _holder() -> str:
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


def _run_on_the_clock(runner: Runner) -> None:
    scheduler = BackgroundScheduler(timezone=ISLAND_TIME)
    scheduler.add_job(
        runner.run_all,
        "interval",
        seconds=EVERY_SECONDS,
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
