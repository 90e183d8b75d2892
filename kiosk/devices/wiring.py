"""Which scanner and which scale this kiosk has, by its settings; simulated ones in a demonstration only."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.config import ConfigInvalid, ScaleSettings, ScannerSettings
from kiosk.devices.scales import NoScale, Sample, Scale, SerialScale, SimulatedScale
from kiosk.devices.scanners import NoScanner, ScannedTexts, Scanner, SerialScanner, SimulatedScanner


def wired_scanner(
    settings: ScannerSettings, texts: ScannedTexts, is_demonstration: Callable[[], bool], *, agreed: bool
) -> Scanner:
    """The scanner; raises ConfigInvalid. `agreed`: there is an agreement that says whether this is a demonstration."""
    if settings.transport == "none":
        return NoScanner()
    if settings.transport == "serial":
        return SerialScanner(settings, texts)
    _require_demonstration("scanner", settings.transport, is_demonstration, agreed)
    return SimulatedScanner(texts, is_demonstration)


def wired_scale(
    settings: ScaleSettings,
    take: Callable[[Sample], None],
    uptime: Callable[[], float],
    is_demonstration: Callable[[], bool],
    *,
    agreed: bool,
) -> Scale:
    """The scale; raises ConfigInvalid. `agreed` as above."""
    if settings.transport == "none":
        return NoScale()
    if settings.transport == "serial":
        return SerialScale(settings, take, uptime)
    _require_demonstration("scale", settings.transport, is_demonstration, agreed)
    return SimulatedScale(take, is_demonstration)


def _require_demonstration(
    device: str, transport: str | None, is_demonstration: Callable[[], bool], agreed: bool
) -> None:
    """Refuses a simulated device that was asked for where points are real; one that nobody asked for is absent."""
    if transport is not None and agreed and not is_demonstration():
        raise ConfigInvalid(f"this island is no demonstration: set {device}.transport to serial or to none")
