"""One mutant on trial: a child process imports it in place of the module and runs the tests that should notice."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import Phase, settings

TRIAL_SECONDS = 60
# Without our fixtures, which these tests don't need, and without plugins that would cost more than the tests do.
QUICKLY = ("-x", "-q", "-c", os.devnull, "--rootdir", ".", "--import-mode=importlib", "--noconftest", "--assert=plain")
# What the tests import of others: loaded once, so that a child has it already.
OF_OTHERS = ("hypothesis", "hypothesis.strategies", "sqlalchemy.orm", "flask", "apiflask", "pydantic", "cryptography")


class Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives another source for one module."""

    def __init__(self, module: str, source: str) -> None:
        self._module, self._source = module, source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self._module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, f"<mutant of {self._module}>", "exec"), module.__dict__)  # noqa: S102  our own source


def load_what_is_not_ours() -> None:
    for name in OF_OTHERS:
        importlib.import_module(name)


def survives(module: str, source: str, tests: Sequence[str]) -> bool:
    """Whether all tests pass with this source; one that takes too long has been noticed."""
    child = os.fork()
    if child == 0:
        os._exit(_judge(module, source, tests))
    until = time.monotonic() + TRIAL_SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _judge(module: str, source: str, tests: Sequence[str]) -> int:
    """In the child: nothing is written, to the screen or to a cache."""
    assert module not in sys.modules, "the tests must meet the mutant"
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    quickly = {"derandomize": True, "database": None, "max_examples": 50, "deadline": None}
    settings.register_profile("trial", phases=[Phase.explicit, Phase.generate], **quickly)
    settings.load_profile("trial")  # the first example that fails is enough
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, Instead(module, source))
    try:
        return int(pytest.main([*QUICKLY, "-p", "no:cacheprovider", *tests]))
    except BaseException:  # noqa: BLE001  whatever a mutant does, it was noticed
        return 1
