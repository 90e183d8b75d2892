"""The public keys that verify what the island signs."""

from __future__ import annotations

import base64
from typing import Any

from miniprogram_api.routes.api import Answer, Calls, surroundings
from scenes.wire.signing import public_key_of

calls = Calls("public", "keys")


class PublicKey(Answer):
    """`key` is standard base64, as all binary values of public calls."""

    id: str
    use: str
    algorithm: str
    key: str


class PublicKeys(Answer):
    data: list[PublicKey]
    next: str | None


@calls.get("/public/keys", answer=PublicKeys)
def list_keys() -> dict[str, Any]:
    """The keys in use

    The office key signs agreements and verdicts.
    """
    keys = surroundings().island.keys
    office = base64.b64encode(public_key_of(keys.office_private)).decode("ascii")
    return {"data": [{"id": keys.office_id, "use": "office", "algorithm": "ed25519", "key": office}], "next": None}
