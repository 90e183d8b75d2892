"""How much memory a process holds, as Linux says it: resident, pages that it shares with others included."""

from __future__ import annotations

import os
from pathlib import Path

PROCESSES = Path("/proc")


def resident_megabytes(process: int) -> float:
    """Of the process by itself, without its children; a megabyte is 10^6 bytes. Raises OSError when it is gone."""
    for line in (PROCESSES / str(process) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(process)


def workers_of(port: int) -> list[int]:
    """The workers of the server that this process has started at the port: what the one that watches them started."""
    served = [one for one in _children(os.getpid()) if f"127.0.0.1:{port}" in _command(one)]
    return [worker for one in served for worker in _children(one)]


def _children(parent: int) -> list[int]:
    return [
        int(one)
        for task in (PROCESSES / str(parent) / "task").iterdir()
        for one in (task / "children").read_text().split()
    ]


def _command(process: int) -> str:
    return (PROCESSES / str(process) / "cmdline").read_text().replace("\0", " ")
