"""What a phone's camera reads in a picture, by ZXing."""

from __future__ import annotations

import zxingcpp
from PIL import Image


def find_codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """The QR codes in the picture; other barcodes, which noise can look like, are not looked for."""
    return list(zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))


def read_codes(picture: Image.Image) -> list[str]:
    """The texts of the QR codes in the picture."""
    return [code.text for code in find_codes(picture)]
