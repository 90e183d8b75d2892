"""Column types that every table shares."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import mapped_column

from miniprogram_api.db import BIG

Number = Annotated[int, mapped_column(BIG)]  # 63 bits
Moment = Annotated[int, mapped_column(BIG)]  # Unix seconds
Key = Annotated[int, mapped_column(BIG, primary_key=True, autoincrement=False)]
Word = Annotated[str, mapped_column(String(64))]
Words = Annotated[str, mapped_column(Text)]
Bytes = Annotated[bytes, mapped_column(LargeBinary)]
