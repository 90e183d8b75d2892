"""control.json: how an operator's command finds the running process of a kiosk, and the token that it shows."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.refusals import Refusal
from kiosk.words import Words

ANSWER_SECONDS = 15.0
APPEARS_SECONDS = 5.0
HOST = "127.0.0.1"


class ProcessSilent(Exception):
    """A process holds the kiosk's lock but does not answer."""


class ToldNo(Refusal):
    """What the running process refused, with its code and sentence."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        faults = [f"{fault['field']}: {fault['reason']}" for fault in problem.get("fields", [])]
        super().__init__(*faults)
        self.status, self.code = status, problem["code"]
        self.words = Words(**problem["sentences"])


@dataclass(frozen=True, slots=True)
class Control:
    """Where the running process listens."""

    port: int
    token: str
    pid: int


def keep_control(folder: KioskFolder, port: int, token: str) -> None:
    """Written when the process listens; readable by the owner only, for the token lifts limits."""
    body = {"port": port, "token": token, "pid": os.getpid()}
    write_durably(folder.control, json.dumps(body).encode())


def read_control(folder: KioskFolder) -> Control | None:
    """What the file says, None when there is none or it is damaged. A killed process leaves its file behind."""
    try:
        body = json.loads(folder.control.read_text(encoding="utf-8"))
        return Control(int(body["port"]), str(body["token"]), int(body["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask_process(folder: KioskFolder, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The running process's answer; waits a moment for one that is just starting. Raises ToldNo or ProcessSilent."""
    until = time.monotonic() + APPEARS_SECONDS
    while True:
        control = read_control(folder)
        if control is not None:
            try:
                return _asked(control, method, path, body)
            except ConnectionRefusedError:
                pass  # the file of an earlier process, or one that is not listening yet; nothing was sent
        if time.monotonic() > until:
            raise ProcessSilent(f"the process that runs {folder.path} does not answer")
        time.sleep(0.1)


def end_process(folder: KioskFolder) -> None:
    """Tells the running process to end, as Ctrl-C does; raises ProcessSilent when the file does not lead to it."""
    ask_process(folder, "POST", "/api/drain", {})  # only the process of this file takes its token
    control = read_control(folder)
    if control is None:
        raise ProcessSilent(f"the process that runs {folder.path} does not answer; stop it first")
    with suppress(ProcessLookupError):
        os.kill(control.pid, signal.SIGTERM)


def _asked(control: Control, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(HOST, control.port, timeout=ANSWER_SECONDS)
    headers = {"X-Kiosk-Control": control.token, "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (TimeoutError, http.client.HTTPException, ValueError) as reason:
        raise ProcessSilent(f"no answer from port {control.port}: {reason}") from reason
    finally:
        connection.close()
    if response.status >= 400:
        raise ToldNo(response.status, answer)
    return dict(answer)
