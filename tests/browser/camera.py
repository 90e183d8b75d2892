"""A phone's camera for tests: Chromium with a made-up camera that films one picture, somewhat small and askew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFilter
from playwright.sync_api import BrowserContext, Playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS

FRAME = (640, 480)
FRAMES = 30
ASKEW_DEGREES = 4
FILLS = 0.86  # of the frame's height


def film(picture: bytes, file: Path) -> Path:
    """Write a motion-JPEG file in which the picture is seen by a hand that is not quite steady."""
    shown = Image.open(BytesIO(picture)).convert("RGB")
    height = round(FRAME[1] * FILLS)
    shown = shown.resize((max(1, round(shown.width * height / shown.height)), height), Image.Resampling.LANCZOS)
    frames = []
    for number in range(FRAMES):
        turned = shown.rotate(ASKEW_DEGREES - number % 3, expand=True, fillcolor="white")
        frame = Image.new("RGB", FRAME, "#c9c4b8")
        frame.paste(turned, ((FRAME[0] - turned.width) // 2, (FRAME[1] - turned.height) // 2))
        out = BytesIO()
        frame.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=85)
        frames.append(out.getvalue())
    file.write_bytes(b"".join(frames))
    return file


@contextmanager
def phone_that_sees(
    playwright: Playwright, picture: bytes, folder: Path, keeps: Path | None = None
) -> Iterator[BrowserContext]:
    """A phone whose camera sees the picture. `keeps` is the folder of its browser, so that it stays signed in."""
    camera = film(picture, folder / "camera.mjpeg")
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    context = playwright.chromium.launch_persistent_context(
        str(keeps or folder / "browser"),
        executable_path=CHROMIUM,
        headless=True,
        args=[*CHROMIUM_FLAGS, *flags, f"--use-file-for-fake-video-capture={camera}"],
        viewport={"width": 375, "height": 780},
        locale="zh-CN",
    )
    try:
        yield context
    finally:
        context.close()
