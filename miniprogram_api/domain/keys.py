"""The server's secrets, as values that are handed in."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Keys:
    """The server's secrets, each 32 bytes. Contract section 1 and 2 name what each signs or derives.

    `pass_begins` are the Unix seconds from which each pass key may sign; agreements name it 40 days before.
    """

    office_id: str
    office_private: bytes
    arrival: bytes
    voucher_masters: dict[int, bytes]
    voucher_key_id: int
    pass_privates: dict[int, bytes]
    pass_begins: dict[int, int]
    pass_key_id: int
    pass_seed: bytes
    readable_code: bytes
    readable_pepper: bytes
    recovery_pepper: bytes

    @cached_property
    def marks(self) -> bytes:
        """Under this key addresses and phones are counted, so that what is kept names neither."""
        return hmac.digest(self.recovery_pepper, b"ISLE-MARK-1\0", "sha256")
