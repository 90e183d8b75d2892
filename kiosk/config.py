"""The settings of one kiosk, `kiosk.toml` in its folder; every one has a default and a wrong one stops the start.

battery_clock = true        # this machine keeps time without power; default: whether Linux knows a clock chip

[printer]
transport = "simulated"     # simulated, none, usb, serial, network, file
mode = "raster"             # raster: we draw the ticket; text (usual on serial): the printer draws it
paper_mm = 80               # 80 or 58
device = "/dev/usb/lp0"     # file, serial
baud = 115200               # serial
host = "192.168.1.50"       # network
port = 9100                 # network
vendor = 0x04b8             # usb
product = 0x0202            # usb
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kiosk.clock import has_battery_clock

TRANSPORTS = ("simulated", "none", "usb", "serial", "network", "file")
MODES = ("raster", "text")
PAPER_DOTS = {58: 384, 80: 576}  # 203 dpi: 48 and 72 mm of the paper are printable
NEEDED = {"usb": ("vendor", "product"), "serial": ("device",), "network": ("host",), "file": ("device",)}


class ConfigInvalid(Exception):
    """A setting that is not understood; the message is the sentence to show."""


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """How tickets reach paper."""

    transport: str = "simulated"
    mode: str = "raster"
    paper_mm: int = 80
    device: str | None = None
    baud: int = 115_200
    host: str | None = None
    port: int = 9100
    vendor: int | None = None
    product: int | None = None

    @property
    def dots(self) -> int:
        return PAPER_DOTS[self.paper_mm]


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """All settings of one kiosk."""

    battery_clock: bool = field(default_factory=has_battery_clock)
    printer: PrinterSettings = field(default_factory=PrinterSettings)


def read_settings(path: Path) -> KioskSettings:
    """The settings in this file, the defaults when there is none; raises ConfigInvalid."""
    if not path.exists():
        return KioskSettings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise ConfigInvalid(f"{path} is not TOML: {reason}") from reason
    printer = table.pop("printer", {})
    if not isinstance(printer, dict):
        raise ConfigInvalid(f"{path}: printer must be a table, [printer]")
    if printer.get("transport") == "serial":
        printer.setdefault("mode", "text")  # a drawn ticket takes most of a minute on a slow line
    wired = PrinterSettings(**_known(printer, PrinterSettings, path, "printer."))
    settings = KioskSettings(**_known(table, KioskSettings, path, ""), printer=wired)
    _check(settings, path)
    return settings


def _known(table: dict[str, Any], settings: type[Any], path: Path, where: str) -> dict[str, Any]:
    names = {each.name: str(each.type) for each in fields(settings) if each.name != "printer"}
    for name, value in table.items():
        if name not in names:
            raise ConfigInvalid(f"{path}: there is no setting {where}{name}")
        kind = {"bool": bool, "int": int, "str": str}[names[name].removesuffix(" | None")]
        if type(value) is not kind:
            raise ConfigInvalid(f"{path}: {where}{name} must be of type {kind.__name__}")
    return table


def _check(settings: KioskSettings, path: Path) -> None:
    printer = settings.printer
    for name, value, allowed in (
        ("transport", printer.transport, TRANSPORTS),
        ("mode", printer.mode, MODES),
        ("paper_mm", printer.paper_mm, tuple(PAPER_DOTS)),
    ):
        if value not in allowed:
            raise ConfigInvalid(f"{path}: printer.{name} must be one of {', '.join(map(str, allowed))}")
    for name in NEEDED.get(printer.transport, ()):
        if getattr(printer, name) is None:
            raise ConfigInvalid(f"{path}: a {printer.transport} printer needs printer.{name}")
