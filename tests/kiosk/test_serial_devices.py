"""Scanner and scale on serial lines: real bytes through a real terminal pair, unplugged and plugged in again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ConfigInvalid, ScaleSettings, ScannerSettings, read_settings
from kiosk.devices.scales import NoScale, Sample, SerialScale, SimulatedScale, read_frame
from kiosk.devices.scanners import NoScanner, ScannedTexts, SerialScanner, SimulatedScanner
from kiosk.devices.serial_lines import LINE_BYTES_MAX, LineCollector
from kiosk.devices.wiring import wired_scale, wired_scanner
from kiosk.reading_refusals import OnlyInDemonstration
from tests.kiosk.plugged import SerialDevice, comes_true

CODE = b"CQDQ" * 45


@pytest.fixture
def device(tmp_path: Path) -> SerialDevice:
    return SerialDevice(tmp_path / "device")


@pytest.fixture
def texts() -> ScannedTexts:
    return ScannedTexts()


@pytest.fixture
def scanner(device: SerialDevice, texts: ScannedTexts) -> Iterator[SerialScanner]:
    scanner = SerialScanner(ScannerSettings(transport="serial", device=str(device.path)), texts)
    scanner.start()
    yield scanner
    scanner.stop()


def heard(texts: ScannedTexts) -> list[str]:
    return [text.text for text in texts.after(0, 0)[1]]


def test_a_scanner_hands_on_each_line_however_it_ends(
    device: SerialDevice, scanner: SerialScanner, texts: ScannedTexts
) -> None:
    device.plug_in()
    assert comes_true(lambda: scanner.state() == "ready")
    for piece in (CODE + b"\r", b"\nHTTPS://ISL", b"AND.EXAMPLE/S/ABC\r\n", b"\r\n\r\n", b"abc\n"):
        device.send(piece)
    assert comes_true(lambda: texts.after(None, 0)[0] == 3)
    assert heard(texts) == [CODE.decode(), "HTTPS://ISLAND.EXAMPLE/S/ABC", "abc"]


def test_a_scanner_that_was_pulled_is_found_again_and_half_a_line_is_forgotten(
    device: SerialDevice, scanner: SerialScanner, texts: ScannedTexts
) -> None:
    device.plug_in()
    assert comes_true(lambda: scanner.state() == "ready")
    device.send(b"FIRST\r" + CODE[:50])
    assert comes_true(lambda: texts.after(None, 0)[0] == 1)
    device.pull()
    assert comes_true(lambda: scanner.state() == "absent")
    device.plug_in()
    assert comes_true(lambda: scanner.state() == "ready")
    device.send(b"SECOND\r")
    assert comes_true(lambda: texts.after(None, 0)[0] == 2)
    assert heard(texts) == ["FIRST", "SECOND"]


def test_a_kiosk_starts_without_its_scanner_and_finds_it_later(
    device: SerialDevice, scanner: SerialScanner, texts: ScannedTexts
) -> None:
    assert scanner.state() == "absent"
    device.plug_in()
    assert comes_true(lambda: scanner.state() == "ready")


def test_noise_is_no_line(texts: ScannedTexts) -> None:
    collector = LineCollector()
    assert collector.feed(b"A" * (LINE_BYTES_MAX + 1)) == []
    assert collector.feed(b"\r\n") == [], "longer than any code"
    assert collector.feed(b"\xff\xfeOK\r") == ["��OK"], "bytes that are no text are no code, and no fault"


def test_a_page_that_waits_hears_at_once_and_one_that_just_opened_hears_nothing_old(texts: ScannedTexts) -> None:
    texts.add("OLD")
    newest, old = texts.after(None, 10)
    assert (newest, old) == (1, [])
    threading.Timer(0.05, texts.add, ("NEW",)).start()
    began = time.monotonic()
    newest, found = texts.after(newest, 10)
    assert ([text.text for text in found], newest) == (["NEW"], 2)
    assert time.monotonic() - began < 5
    assert texts.after(900, 0) == (2, []), "a page that knows an earlier start's number begins with what is here"
    texts.close()
    assert texts.after(2, 60) == (2, []), "nobody waits for a kiosk that stops"


# Scales


@pytest.mark.parametrize(
    ("line", "sample"),
    [
        ("ST,GS,+  1.234kg", Sample(1_234, True)),
        ("ST,GS,+0001.234 kg", Sample(1_234, True)),
        ("US,GS,+  0.199kg", Sample(199, False)),
        ("ST,GS,-  0.020kg", Sample(-20, True)),
        ("ST,GS,+  0.0005kg", Sample(0, True)),
        ("ST,GS,+ 12,345kg", Sample(12_345, True)),
        ("ST,GS,   245.6  g", Sample(245, True)),
        ("ST,G ,+  1.000kg", Sample(1_000, True)),
        ("\x02ST,GS,+  1.234kg\x03", Sample(1_234, True)),
        ("OL,GS,+        kg", Sample(None, False)),
        ("OL,GS,+9999999kg", Sample(None, False)),
        ("OL,GS,-   .    kg", Sample(None, False)),
        ("ST,NT,+  1.234kg", None),  # net: somebody pressed the tare key
        ("ST,TR,+  1.234kg", None),
        ("ST,GS,+  1.234lb", None),
        ("ST,GS,+  1.234", None),
        ("ST,GS,+  1.2.4kg", None),
        ("ST,GS,+ 1 234kg", None),
        ("ST,GS,+      kg", None),
        ("QT,GS,+  1.234kg", None),
        ("T,GS,+  1.234kg", None),  # the end of a frame whose beginning was missed
        ("ST,GS,+１.234kg", None),
        ("", None),
    ],
)
def test_a_frame_is_read_to_the_gram_or_not_at_all(line: str, sample: Sample | None) -> None:
    assert read_frame(line) == sample


def test_a_scale_streams_through_a_line_and_falls_silent_when_it_is_pulled(device: SerialDevice) -> None:
    samples: list[Sample] = []
    now = [100.0]
    settings = ScaleSettings(transport="serial", device=str(device.path), baud=2_400, bytesize=7, parity="E")
    scale = SerialScale(settings, samples.append, lambda: now[0])
    scale.start()
    try:
        device.plug_in()
        assert comes_true(lambda: scale._lines.is_open)
        assert scale.state() == "absent", "a scale that is switched off says nothing"
        device.send(b"9kg\r\nUS,GS,+  0.640kg\r\nST,GS,+  0.650kg\r\nST,NT,+  0.100kg\r\n")
        assert comes_true(lambda: len(samples) == 2)
        assert (samples, scale.state()) == ([Sample(640, False), Sample(650, True)], "ready")
        now[0] += 2.5
        assert scale.state() == "absent"
        device.send(b"ST,GS,+  0.000kg\r\n")
        assert comes_true(lambda: len(samples) == 3)
        assert scale.state() == "ready"
        device.pull()
        assert comes_true(lambda: scale.state() == "absent")
    finally:
        scale.stop()


# Wiring


def test_settings_name_the_devices(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        '[scanner]\ntransport = "serial"\ndevice = "/dev/ttyACM0"\ncamera = false\n'
        '[scale]\ntransport = "serial"\ndevice = "/dev/ttyUSB0"\nbaud = 2400\nbytesize = 7\nparity = "E"\n'
    )
    settings = read_settings(path)
    assert settings.scanner == ScannerSettings("serial", "/dev/ttyACM0", camera=False)
    assert settings.scale == ScaleSettings("serial", "/dev/ttyUSB0", 2_400, 7, "E")
    assert read_settings(tmp_path / "none.toml").scale.transport is None


@pytest.mark.parametrize(
    "text",
    [
        '[scale]\ntransport = "usb"',
        '[scale]\ntransport = "serial"',
        '[scale]\ntransport = "serial"\ndevice = "/dev/x"\nbytesize = 6',
        '[scanner]\nparity = "M"',
        '[scanner]\ncamera = "yes"',
        "[scanner]\nstopbits = 3",
        "scale = 1",
        "[scale]\nlimit = 10",
    ],
)
def test_a_wrong_setting_of_a_device_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(ConfigInvalid):
        read_settings(path)


def test_simulated_devices_work_in_a_demonstration_only(texts: ScannedTexts, caplog: pytest.LogCaptureFixture) -> None:
    samples: list[Sample] = []

    def scale(transport: str | None, *, show: bool) -> object:
        settings = ScaleSettings(transport=transport)
        return wired_scale(settings, samples.append, lambda: 0.0, lambda: show, agreed=True)

    real = scale(None, show=False)
    assert isinstance(real, SimulatedScale)
    real.beat()
    assert (real.state(), samples) == ("absent", [])
    with pytest.raises(OnlyInDemonstration):
        real.load(1_000)
    with pytest.raises(ConfigInvalid):
        scale("simulated", show=False)
    assert isinstance(scale("none", show=True), NoScale)
    show = scale("simulated", show=True)
    assert isinstance(show, SimulatedScale)
    show.load(1_000)
    show.beat()
    show.beat()
    assert samples == [Sample(1_000, False), Sample(1_000, True)]
    show.start()
    show.stop()
    assert "Simulated scale" in caplog.text


def test_a_simulated_scanner_refuses_outside_a_demonstration(texts: ScannedTexts) -> None:
    real = wired_scanner(ScannerSettings(), texts, lambda: False, agreed=True)
    assert isinstance(real, SimulatedScanner)
    with pytest.raises(OnlyInDemonstration):
        real.show("ABC")
    with pytest.raises(ConfigInvalid):
        wired_scanner(ScannerSettings(transport="simulated"), texts, lambda: False, agreed=True)
    assert isinstance(wired_scanner(ScannerSettings(transport="none"), texts, lambda: True, agreed=True), NoScanner)
    assert texts.after(None, 0) == (0, [])
