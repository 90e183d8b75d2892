"""The log is one line of JSON for each event."""

from __future__ import annotations

import json
import logging
import sys

from miniprogram_api.logs import JsonLines


def record(name: str, message: str, fault: bool = False) -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, (), sys.exc_info() if fault else None)


def test_an_access_line_keeps_its_fields() -> None:
    line = json.loads(JsonLines().format(record("tanyu.access", '{"route": "/S/<anything:code_text>", "status": 200}')))
    assert (line["route"], line["status"], line["level"]) == ("/S/<anything:code_text>", 200, "info")


def test_a_fault_brings_its_trace_on_the_same_line() -> None:
    try:
        raise ZeroDivisionError("梅")
    except ZeroDivisionError:
        text = JsonLines().format(record("tanyu.faults", "fault", fault=True))
    assert "\n" not in text
    assert "ZeroDivisionError: 梅" in json.loads(text)["trace"]
