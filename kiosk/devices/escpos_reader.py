"""Reads ESC/POS bytes command by command, strictly: a byte that no ticket of ours sends is refused, not skipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class EscposUnreadable(Exception):
    """The bytes hold a command that this reader does not know, or end in the middle of one."""


@dataclass(frozen=True, slots=True)
class RasterBand:
    """A picture of `GS v 0`: rows of whole bytes, a set bit is a burnt dot."""

    row_bytes: int
    rows: int
    dots: bytes


class Paper(Protocol):
    """What the reader drives: each call is one command that takes effect."""

    def reset(self) -> None: ...
    def style_latin(self, flags: int) -> None: ...
    def style_chinese(self, flags: int) -> None: ...
    def bold(self, on: bool) -> None: ...
    def align(self, side: int) -> None: ...
    def line_height(self, dots: int) -> None: ...
    def feed_lines(self, count: int) -> None: ...
    def chinese(self, on: bool) -> None: ...
    def letter(self, letter: str) -> None: ...
    def new_line(self) -> None: ...
    def picture(self, band: RasterBand) -> None: ...
    def qr_module(self, dots: int) -> None: ...
    def qr_level(self, level: str) -> None: ...
    def qr_content(self, content: bytes) -> None: ...
    def qr_print(self) -> None: ...
    def cut(self) -> None: ...


class EscposReader:
    """One pass over the bytes of a ticket."""

    def __init__(self, data: bytes, paper: Paper) -> None:
        self._data, self._at, self._paper = data, 0, paper
        self._in_chinese = False

    def read(self) -> None:
        """Drives the paper to the end of the bytes; raises EscposUnreadable."""
        while self._at < len(self._data):
            byte = self._take(1)[0]
            match byte:
                case 0x1B:
                    self._escape()
                case 0x1C:
                    self._file_separator()
                case 0x1D:
                    self._group_separator()
                case 0x0A:
                    self._paper.new_line()
                case _:
                    self._letter(byte)

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise EscposUnreadable(f"the bytes end inside a command at {self._at}")
        self._at += count
        return piece

    def _escape(self) -> None:
        command = self._take(1)
        match command:
            case b"@":
                self._in_chinese = False
                self._paper.reset()
            case b"!":
                self._paper.style_latin(self._take(1)[0])
            case b"E":
                self._paper.bold(self._take(1)[0] & 1 == 1)
            case b"a":
                self._paper.align(self._take(1)[0])
            case b"d":
                self._paper.feed_lines(self._take(1)[0])
            case b"3":
                self._paper.line_height(self._take(1)[0])
            case b"t":
                self._take(1)  # a code page for single-byte letters; ASCII is the same in all of them
            case _:
                raise EscposUnreadable(f"ESC {command!r} at {self._at}")

    def _file_separator(self) -> None:
        command = self._take(1)
        match command:
            case b"&" | b".":
                self._in_chinese = command == b"&"
                self._paper.chinese(self._in_chinese)
            case b"!":
                self._paper.style_chinese(self._take(1)[0])
            case _:
                raise EscposUnreadable(f"FS {command!r} at {self._at}")

    def _group_separator(self) -> None:
        command = self._take(1)
        match command:
            case b"v":
                self._raster()
            case b"(":
                self._two_dimensional_code()
            case b"V":
                mode = self._take(1)[0]
                if mode in (65, 66):
                    self._take(1)
                self._paper.cut()
            case _:
                raise EscposUnreadable(f"GS {command!r} at {self._at}")

    def _raster(self) -> None:
        if self._take(2) != b"0\x00":
            raise EscposUnreadable(f"GS v is read as 'GS v 0' at normal size only, at {self._at}")
        row_bytes = int.from_bytes(self._take(2), "little")
        rows = int.from_bytes(self._take(2), "little")
        self._paper.picture(RasterBand(row_bytes, rows, self._take(row_bytes * rows)))

    def _two_dimensional_code(self) -> None:
        if self._take(1) != b"k":
            raise EscposUnreadable(f"GS ( is read as 'GS ( k' only, at {self._at}")
        arguments = self._take(int.from_bytes(self._take(2), "little"))
        if len(arguments) < 3 or arguments[:1] != b"1":
            raise EscposUnreadable(f"GS ( k for another code than QR, at {self._at}")
        function, rest = arguments[1], arguments[2:]
        match function:
            case 65:
                if rest != b"\x32\x00":
                    raise EscposUnreadable("only QR model 2 is drawn")
            case 67:
                self._paper.qr_module(rest[0])
            case 69:
                self._paper.qr_level({48: "L", 49: "M", 50: "Q", 51: "H"}[rest[0]])
            case 80:
                self._paper.qr_content(rest[1:])
            case 81:
                self._paper.qr_print()
            case _:
                raise EscposUnreadable(f"QR function {function} at {self._at}")

    def _letter(self, byte: int) -> None:
        """One letter of ASCII, or two bytes of GBK while Chinese mode is on."""
        if 0x20 <= byte < 0x7F:
            self._paper.letter(chr(byte))
        elif byte >= 0x81 and self._in_chinese:
            pair = bytes([byte]) + self._take(1)
            try:
                self._paper.letter(pair.decode("gbk"))
            except UnicodeDecodeError as reason:
                raise EscposUnreadable(f"{pair!r} is no character of GBK at {self._at}") from reason
        else:
            raise EscposUnreadable(f"the byte {byte:#x} at {self._at}")
