"""The few ESC/POS commands that a ticket needs, as bytes.

Both printing modes and the preview speak only these: `ESC @ ! a d E 3`, `FS & ! .`, `GS v 0`, `GS ( k`, `GS V`. Their
meaning is the same on Epson's printers and on the common Chinese ones. Text travels in GB18030, restricted to the
two-byte characters of GBK: a printer shows the four-byte ones as rubbish.
"""

from __future__ import annotations

from PIL import Image

ESC, FS, GS = b"\x1b", b"\x1c", b"\x1d"

RESET = ESC + b"@"
CHINESE_ON = FS + b"&"
CUT = GS + b"VB\x00"  # feed to the knife, then cut

ALIGN_LEFT, ALIGN_CENTRE = 0, 1

# GS ( k selects the error level of a QR code by these digits.
QR_LEVEL_BYTE = {"L": 48, "M": 49, "Q": 50, "H": 51}

# Cheap printers keep one band of a picture in memory; a taller one is cut into bands that join without a gap.
BAND_ROWS_MAX = 240


def align(side: int) -> bytes:
    """Sets the side for the lines that follow: ALIGN_LEFT or ALIGN_CENTRE."""
    return ESC + b"a" + bytes([side])


def line_height(dots: int) -> bytes:
    """Sets the distance from one line to the next."""
    return ESC + b"3" + bytes([dots])


def feed_dots(dots: int) -> bytes:
    """Feeds by whole and part lines through the line height, because `ESC J` is missing on some printers."""
    whole, rest = divmod(dots, 255)
    feed = (line_height(255) + b"\n") * whole
    return feed + (line_height(rest) + b"\n" if rest else b"")


def style(*, wide: bool, tall: bool, bold: bool) -> bytes:
    """Sets size and weight, for Latin letters (`ESC !`) and for Chinese ones (`FS !`)."""
    latin = (0x20 if wide else 0) | (0x10 if tall else 0) | (0x08 if bold else 0)
    chinese = (0x04 if wide else 0) | (0x08 if tall else 0)
    return ESC + b"!" + bytes([latin]) + FS + b"!" + bytes([chinese]) + ESC + b"E" + bytes([int(bold)])


def text(words: str) -> bytes:
    """The words in GB18030; what GBK does not hold becomes a question mark."""
    return b"".join(_gbk_or_mark(letter) for letter in words)


def _gbk_or_mark(letter: str) -> bytes:
    try:
        return letter.encode("gbk")
    except UnicodeEncodeError:
        return b"?"


def native_qr(content: str, module_dots: int, level: str) -> bytes:
    """A QR code that the printer draws itself: model 2, module size, error level, content, print."""
    assert 1 <= module_dots <= 16, "GS ( k takes a module of 1 to 16 dots"
    return b"".join(
        [
            _qr_command(65, b"\x32\x00"),
            _qr_command(67, bytes([module_dots])),
            _qr_command(69, bytes([QR_LEVEL_BYTE[level]])),
            _qr_command(80, b"0" + content.encode("ascii")),
            _qr_command(81, b"0"),
        ]
    )


def _qr_command(function: int, arguments: bytes) -> bytes:
    length = len(arguments) + 2
    return GS + b"(k" + length.to_bytes(2, "little") + b"1" + bytes([function]) + arguments


def raster(picture: Image.Image) -> bytes:
    """A one-bit picture (black on white) as bands of `GS v 0`; its width must be a multiple of 8 dots."""
    assert picture.mode == "1", "a printer takes one-bit dots"
    assert picture.width % 8 == 0, "a printer takes whole bytes of dots"
    bands = []
    for top in range(0, picture.height, BAND_ROWS_MAX):
        band = picture.crop((0, top, picture.width, min(top + BAND_ROWS_MAX, picture.height)))
        size = (picture.width // 8).to_bytes(2, "little") + band.height.to_bytes(2, "little")
        # Pillow's 1 is white, the printer's 1 is a burnt dot.
        bands.append(GS + b"v0\x00" + size + bytes(byte ^ 0xFF for byte in band.tobytes()))
    return b"".join(bands)
