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

[scanner]                   # one with a keyboard's plug types into the page and needs no setting
transport = "simulated"     # simulated, none, serial
device = "/dev/ttyACM0"     # serial; baud, bytesize, parity, stopbits: 9600 8N1
camera = true               # the page reads codes with a camera where the machine has one

[scale]
transport = "simulated"     # simulated, none, serial
device = "/dev/ttyUSB0"     # serial
baud = 9600                 # serial; as the scale says: 2400 7E1 on some
bytesize = 8
parity = "N"                # N, E, O
stopbits = 1
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
WIRED_TRANSPORTS = (None, "simulated", "none", "serial")
PARITIES = ("N", "E", "O")
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
class ScannerSettings:
    """How codes that people show are read."""

    transport: str | None = None  # None: simulated in a demonstration, elsewhere none
    device: str | None = None
    baud: int = 9_600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    camera: bool = True


@dataclass(frozen=True, slots=True)
class ScaleSettings:
    """How the scale is wired."""

    transport: str | None = None  # None: simulated in a demonstration, elsewhere none
    device: str | None = None
    baud: int = 9_600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """All settings of one kiosk."""

    battery_clock: bool = field(default_factory=has_battery_clock)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    scale: ScaleSettings = field(default_factory=ScaleSettings)


TABLES: dict[str, type[Any]] = {"printer": PrinterSettings, "scanner": ScannerSettings, "scale": ScaleSettings}


def read_settings(path: Path) -> KioskSettings:
    """The settings in this file, the defaults when there is none; raises ConfigInvalid."""
    if not path.exists():
        return KioskSettings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise ConfigInvalid(f"{path} is not TOML: {reason}") from reason
    wired = {name: _read_table(table.pop(name, {}), name, path) for name in TABLES}
    settings = KioskSettings(**_known(table, KioskSettings, path, ""), **wired)
    _check(settings, path)
    return settings


def _read_table(table: Any, name: str, path: Path) -> Any:
    """The settings of one device."""
    if not isinstance(table, dict):
        raise ConfigInvalid(f"{path}: {name} must be a table, [{name}]")
    if name == "printer" and table.get("transport") == "serial":
        table.setdefault("mode", "text")  # a drawn ticket takes most of a minute on a slow line
    return TABLES[name](**_known(table, TABLES[name], path, f"{name}."))


def _known(table: dict[str, Any], settings: type[Any], path: Path, where: str) -> dict[str, Any]:
    names = {each.name: str(each.type) for each in fields(settings) if each.name not in TABLES}
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
    _check_serial(settings.scanner, "scanner", path)
    _check_serial(settings.scale, "scale", path)


def _check_serial(wired: ScannerSettings | ScaleSettings, device: str, path: Path) -> None:
    for name, value, allowed in (
        ("transport", wired.transport, WIRED_TRANSPORTS),
        ("bytesize", wired.bytesize, (7, 8)),
        ("parity", wired.parity, PARITIES),
        ("stopbits", wired.stopbits, (1, 2)),
    ):
        if value not in allowed:
            choices = ", ".join(str(each) for each in allowed if each is not None)
            raise ConfigInvalid(f"{path}: {device}.{name} must be one of {choices}")
    if wired.transport == "serial" and wired.device is None:
        raise ConfigInvalid(f"{path}: a serial {device} needs {device}.device")
