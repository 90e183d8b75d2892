"""Starts of a kiosk in processes of their own, one for each line that comes in, until somebody kills them."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable


def start_for_each_line(work: Callable[[], None]) -> None:
    """Says each start's process number, and when it is over whether it was killed or failed by itself."""
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            try:
                work()
            except Exception:
                logging.exception("a plug was pulled and this start could not cope")
            finally:
                os._exit(1)  # reached only by a fault: a pulled plug leaves nothing to tidy up
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print("killed" if os.WIFSIGNALED(status) else "failed", flush=True)
