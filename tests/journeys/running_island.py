"""A whole island in processes of its own, as `./island up` starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 200
STOP_SECONDS = 20


def two_free_ports() -> int:
    """The first of two neighbouring ports that nobody listens on."""
    for _ in range(100):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
    raise AssertionError("no two neighbouring ports are free")


@dataclass
class RunningIsland:
    """One island under `./island up`; `seen` is what it has printed."""

    data: Path
    port: int
    process: subprocess.Popen[str]
    seen: Path

    @property
    def document(self) -> dict[str, Any]:
        return json.loads((self.data / "demo.json").read_text(encoding="utf-8"))

    @property
    def printed(self) -> str:
        return self.seen.read_text(encoding="utf-8")

    def kiosk(self, *arguments: str, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        """`./island kiosk …` with this island's data."""
        command = [sys.executable, "-m", "kiosk", *arguments, "--data", str(self.data)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert not succeeds or done.returncode == 0, done.stderr
        return done

    def code(self, scene: str, *options: str) -> str:
        """One fresh bare code of this scene."""
        return self.kiosk("code", scene, *options).stdout.strip()

    def processes(self, part: str) -> list[int]:
        """Process ids below `up` whose command line holds `part`."""
        return [number for number in _children(self.process.pid) if part in _command_line(number)]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asks `up` to stop and answers its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            number = int(entry.parent.name)
            found += [number, *_children(number)]
    return found


def _command_line(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def start_island(data: Path, port: int, *options: str) -> RunningIsland:
    """Starts the island and answers once it has printed its addresses."""
    data.mkdir(exist_ok=True)
    seen = data / "printed.txt"
    command = [sys.executable, "-m", "miniprogram_api.commands.up", "--port", str(port), "--data", str(data), *options]
    with seen.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, text=True, env=os.environ.copy()
        )
    island = RunningIsland(data, port, process, seen)
    end = time.monotonic() + START_SECONDS
    while "Ctrl-C stops everything" not in island.printed:
        assert process.poll() is None, island.printed
        assert time.monotonic() < end, island.printed
        time.sleep(0.1)
    return island
