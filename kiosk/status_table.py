"""How kiosks are, written for a person at a terminal: a few lines for each, in the language of the locale."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.refusals import Refusal
from kiosk.words import Words

PROCESS, LINE, QUEUE = Words("程序", "Process"), Words("线路", "Line"), Words("待上传", "Queue")
ANSWERED, AGREEMENT, CODES = Words("上次联系", "Last answer"), Words("协议", "Agreement"), Words("出码", "Codes")
CLOCK, PAPER, ASIDE, TROUBLE = (
    Words("时钟", "Clock"),
    Words("纸", "Paper"),
    Words("旧日志", "Set aside"),
    Words("问题", "Trouble"),
)
NO_KIOSKS = Words("这个数据文件夹里还没有自助机。", "There is no kiosk in this data folder.")
PAPERS = {
    "ready": Words("有纸", "ready"),
    "paper_out": Words("没纸了", "out of paper"),
    "absent": Words("没有打印机", "no printer"),
}
Line = tuple[Words, Words]


def language_of_terminal() -> str:
    """zh or en, as the first of LC_ALL, LC_MESSAGES and LANG says that is set."""
    told = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, told), "").startswith("zh") else "en"


def status_table(found: Mapping[str, dict[str, Any]], language: str) -> str:
    """What `kiosk_status` answered for each kiosk, by its name."""
    if not found:
        return _said(NO_KIOSKS, language)
    return "\n\n".join(_one_kiosk(name, status, language) for name, status in found.items())


def _one_kiosk(name: str, status: dict[str, Any], language: str) -> str:
    lines = [(_said(label, language), _said(words, language)) for label, words in _lines(status)]
    wide = max(_width(label) for label, _ in lines)
    number = _said(Words(f"{status['kiosk']} 号机", f"kiosk {status['kiosk']}"), language)
    return "\n".join(
        [f"{name} ({number})", *(f"  {label}{' ' * (wide - _width(label))}  {words}" for label, words in lines)]
    )


def _lines(status: dict[str, Any]) -> Iterator[Line]:
    yield PROCESS, _process(status)
    yield LINE, _line(status)
    yield QUEUE, _queue(status)
    last = status.get("last_sync")
    yield ANSWERED, _plain(_time(last)) if last else Words("还没有", "none yet")
    yield AGREEMENT, _agreement(status["agreement"])
    yield CODES, _codes(status["issuing_reason"])
    if "clock" in status:
        set_ = status["clock"]["trusted"]
        yield CLOCK, Words("已校准", "set") if set_ else Words("还没校准", "not set yet")
    if "printer" in status:
        state = status["printer"]["state"]
        yield PAPER, PAPERS.get(state, Words(state, state))
    if status["kept_aside"]:
        yield ASIDE, _plain(", ".join(status["kept_aside"]))
    met = None if status["cut"] else status.get("trouble")  # without a line it is what the line says already
    for trouble in filter(None, (met, status.get("journal"))):
        yield TROUBLE, _plain(trouble)


def _process(status: dict[str, Any]) -> Words:
    if status.get("never_ran"):
        return Words("还没有运行过，用 ./island kiosk run 启动", "has never run; ./island kiosk run starts it")
    if not status["running"]:
        return Words("没有运行", "not running")
    port = status.get("port")
    return Words(f"在运行，端口 {port}", f"running, port {port}") if port else Words("在运行", "running")


def _line(status: dict[str, Any]) -> Words:
    if status["cut"]:
        return Words("已断开（offline 命令）", "cut off (by the command offline)")
    if "online" not in status:
        return Words("没有运行，不知道", "unknown, it doesn't run")
    return Words("通", "in touch") if status["online"] else Words("不通", "out of touch")


def _queue(status: dict[str, Any]) -> Words:
    queue, waiting = status["queue"], status.get("waiting") or {}
    if queue is None:
        return Words("读不出日志", "the journal can't be read")
    if not queue:
        return Words("没有", "nothing waits")
    zh, en = f"{queue} 条", f"{queue} {'item' if queue == 1 else 'items'}"
    if waiting.get("since"):
        zh, en = f"{zh}，从 {_time(waiting['since'])} 起", f"{en} since {_time(waiting['since'])}"
    if waiting.get("aside"):
        zh, en = f"{zh}，其中 {waiting['aside']} 条搁置", f"{en}, {waiting['aside']} of them put aside"
    return Words(zh, en)


def _agreement(agreement: dict[str, int | None]) -> Words:
    version, days = agreement["version"], agreement["age_days"]
    if version is None:
        return Words("还没有", "none yet")
    if not days:
        return Words(f"第 {version} 版，今天确认过", f"version {version}, confirmed today")
    ago = "a day ago" if days == 1 else f"{days} days ago"
    return Words(f"第 {version} 版，{days} 天前确认", f"version {version}, confirmed {ago}")


def _codes(reason: str | None) -> Words:
    if reason is None:
        return Words("可以", "yes")
    return _words_of_refusals().get(reason, _plain(reason))


def _words_of_refusals() -> dict[str, Words]:
    """Every reason not to issue has a sentence of its own already."""
    found: dict[str, Words] = {}
    waiting = [Refusal]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found |= {kind.code: kind.words for kind in kinds if hasattr(kind, "words")}
        waiting += kinds
    return found


def _time(written: str) -> str:
    """2026-11-23 10:15 of what `written_time` wrote; it is the island's."""
    return written[:16].replace("T", " ")


def _plain(text: str) -> Words:
    """What is the same in both languages."""
    return Words(text, text)


def _said(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
