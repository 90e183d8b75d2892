"""What a server process writes to its log: one line of JSON for each event, on standard output."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Time, level, logger, message and the trace of a fault; the access log's message is JSON already and is merged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
        }
        message = record.getMessage()
        line |= json.loads(message) if record.name == "tanyu.access" else {"message": message}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start_logging(level: int = logging.INFO) -> None:
    """Send our own loggers (`tanyu.*`) to standard output; a second call changes nothing."""
    ours = logging.getLogger("tanyu")
    if ours.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    ours.addHandler(handler)
    ours.setLevel(level)
    ours.propagate = False
