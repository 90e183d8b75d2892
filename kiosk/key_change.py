"""The next key, when the office asks for it: made here, agreed to by itself, its request signed by the key in force.

The key is on the disk before anybody hears of it. Where the answer was lost, the office has it already: then the next
key asks again in its own name. Only an answer that the office signed puts it in force.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import httpx

from kiosk.agreement import AgreementKeeper
from kiosk.counters import begin_counters
from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.identity import Identity, keep_identity
from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire import signing
from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.errors import CodeRefused
from scenes.wire.fields import members
from scenes.wire.json_text import json_text
from scenes.wire.key_change import key_proof
from scenes.wire.verdict import open_verdict

log = logging.getLogger(__name__)

EPOCHS_MAX = 255
NOT_SIGNED_IN, NOT_ALLOWED = 401, 403


class KeyChange:
    """One kiosk's way to its next key. Afterwards this start is over: what it signs is signed by the old one."""

    def __init__(
        self,
        folder: KioskFolder,
        identity: Identity,
        uplink: Uplink,
        keeper: AgreementKeeper,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._folder, self._identity, self._uplink, self._keeper = folder, identity, uplink, keeper
        self._transport = transport
        self.done = False

    @property
    def is_under_way(self) -> bool:
        """True when a next key was made and nobody has answered yet."""
        return not self.done and self._folder.next_key.exists()

    def ask(self) -> None:
        """Asks whether the office wants a next key; makes it then, and hands it in."""
        try:
            answer = self._uplink.get("/kiosk/keys").body or {}
        except (UplinkUnavailable, UplinkRefused) as reason:
            log.debug("not asked for a next key: %s", reason)
            return
        if answer.get("rotate") is True and answer.get("epoch") == self._identity.epoch < EPOCHS_MAX:
            self.hand_in()

    def hand_in(self) -> None:
        """Hands the next key in, signed by the one in force, or where that is over by itself; `done` once it counts."""
        following = replace(self._identity, private_key=self._next_key(), epoch=self._identity.epoch + 1)
        try:
            if not self._was_taken(self._uplink, following):
                own = Uplink(
                    following.server, following.key_id, following.private_key, self._transport, self._folder.cut
                )
                try:
                    if not self._was_taken(own, following):
                        return
                finally:
                    own.close()
        except (UplinkUnavailable, UplinkRefused, CodeRefused) as reason:
            log.warning("the next key is not in force: %s", reason)
            if isinstance(reason, UplinkRefused) and reason.status == NOT_ALLOWED:
                self._folder.next_key.unlink(missing_ok=True)  # nobody wants it, whoever said so
            return
        self._put_in_force(following)

    def _was_taken(self, uplink: Uplink, following: Identity) -> bool:
        """False where the office knows no such key in force. Raises CodeRefused for an answer that it did not sign."""
        body = json_text(
            {
                "public_key": binary_text(signing.public_key_of(following.private_key)),
                "proof": binary_text(key_proof(following.kiosk, following.epoch, following.private_key)),
            }
        )
        try:
            answer = uplink.post("/kiosk/keys", body)
        except UplinkRefused as reason:
            if reason.status == NOT_SIGNED_IN:
                return False
            raise
        open_verdict(answer.body, self._keeper.office_key, following.kiosk, body.encode())
        return True

    def _put_in_force(self, following: Identity) -> None:
        # What the office's keys are was settled by signed agreements since this start.
        kept = self._keeper.current
        if kept is not None:
            following = following.believing(kept.agreement.office_keys)
        keep_identity(self._folder, replace(following, counters_kept=True))
        begin_counters(self._folder.counters, following)
        self._folder.next_key.unlink(missing_ok=True)
        self.done = True
        log.info("key %s is in force", following.key_id)

    def _next_key(self) -> bytes:
        """Made once for each epoch; a damaged or older one is made anew."""
        epoch = self._identity.epoch + 1
        try:
            kept = members(json.loads(self._folder.next_key.read_text(encoding="utf-8")), "", ("private_key", "epoch"))
            if kept["epoch"] == epoch:
                return binary_bytes(kept["private_key"], signing.KEY_BYTES, "private_key")
        except (OSError, ValueError, CodeRefused) as reason:
            log.debug("no next key yet: %s", reason)
        private = signing.generate_private_key()
        write_durably(self._folder.next_key, json.dumps({"private_key": binary_text(private), "epoch": epoch}).encode())
        return private
