"""The agreement this kiosk runs on: verified with the office's key, its version only rising, kept on disk.

Its age counts from the last time the office was heard to stand by it: its issue, or a later "nothing newer" in the same
breath as a verified heartbeat. After 30 days without that no new codes are made.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass

from kiosk.disk import write_durably
from kiosk.folder import KioskFolder
from kiosk.identity import Identity, keep_identity
from kiosk.offers import Offers
from scenes.wire.agreement import Agreement, OfficeKey, open_agreement
from scenes.wire.errors import CodeRefused
from scenes.wire.fields import UNSIGNED_32_MAX, members, whole_number

log = logging.getLogger(__name__)

AGREEMENT_DAYS_MAX = 30
DAY_SECONDS = 86_400
# Standing by an agreement is heard every minute; written this seldom, it does not wear out a memory card.
CONFIRMATION_KEPT_SECONDS = 3_600


class AgreementNotNewer(Exception):
    """A genuine agreement that is older than, or the same as, the one in force; somebody plays back an old answer."""


@dataclass(frozen=True, slots=True)
class KeptAgreement:
    """The agreement in force, read; `confirmed_at` in Unix seconds of the server's time."""

    agreement: Agreement
    offers: Offers
    document: dict[str, str]
    confirmed_at: int


class AgreementKeeper:
    """Keeps the agreement in force, on disk and at hand."""

    def __init__(self, folder: KioskFolder, identity: Identity) -> None:
        self._folder, self._identity = folder, identity
        self._lock = threading.Lock()
        self._written_confirmation = 0
        self.current: KeptAgreement | None = self._read()
        if self.current is not None:
            self._believe(self.current.agreement.office_keys)

    def office_key(self, key_id: str) -> bytes | None:
        """The key with which agreements and verdicts are checked now."""
        return self._identity.office_key(key_id)

    @property
    def version(self) -> int | None:
        return None if self.current is None else self.current.agreement.version

    @property
    def suspends_this_kiosk(self) -> bool:
        """True when the agreement lists this very kiosk as revoked."""
        return self.current is not None and self._identity.kiosk in self.current.agreement.revoked.kiosks

    def age_days(self, now: int) -> int:
        """Whole days since the office was last heard to stand by the agreement."""
        return 0 if self.current is None else max(0, now - self.current.confirmed_at) // DAY_SECONDS

    def is_too_old(self, now: int) -> bool:
        """True once no new codes may be made."""
        return self.current is not None and now - self.current.confirmed_at > AGREEMENT_DAYS_MAX * DAY_SECONDS

    def take(self, document: object) -> Agreement:
        """Puts a newer agreement in force and keeps it; raises CodeRefused for what the office did not sign, or
        AgreementNotNewer, and changes nothing then."""
        with self._lock:
            agreement = open_agreement(document, self.office_key, self._identity.kiosk)
            if self.version is not None and agreement.version <= self.version:
                raise AgreementNotNewer(f"version {agreement.version} after {self.version}")
            assert isinstance(document, dict), "an opened document is an object"
            kept = KeptAgreement(agreement, Offers(agreement), document, agreement.issued_at)
            # The agreement first: its key is one we believe already. The keys it names follow, also after a power cut.
            self._write(kept)
            self.current = kept
            self._believe(agreement.office_keys)
            return agreement

    def confirm(self, server_time: int) -> None:
        """The office was heard to have nothing newer; called only beside a verified heartbeat of that time."""
        with self._lock:
            if self.current is None or server_time <= self.current.confirmed_at:
                return
            kept = self.current
            self.current = KeptAgreement(kept.agreement, kept.offers, kept.document, server_time)
            if server_time - self._written_confirmation >= CONFIRMATION_KEPT_SECONDS:
                self._write(self.current)

    def _believe(self, office_keys: tuple[OfficeKey, ...]) -> None:
        """From now on only the keys that the agreement in force names are believed."""
        if set(office_keys) != set(self._identity.office_keys):
            self._identity = self._identity.believing(office_keys)
            keep_identity(self._folder, self._identity)

    def _write(self, kept: KeptAgreement) -> None:
        body = {"document": kept.document, "confirmed_at": kept.confirmed_at}
        write_durably(self._folder.agreement, json.dumps(body, ensure_ascii=False).encode())
        self._written_confirmation = kept.confirmed_at

    def _read(self) -> KeptAgreement | None:
        """What is on disk, verified again; a damaged file counts as none and is fetched anew."""
        if not self._folder.agreement.exists():
            return None
        try:
            kept = json.loads(self._folder.agreement.read_text(encoding="utf-8"))
            body = members(kept, "", ("document", "confirmed_at"))
            confirmed_at = whole_number(body["confirmed_at"], "confirmed_at", 0, UNSIGNED_32_MAX)
            agreement = open_agreement(body["document"], self.office_key, self._identity.kiosk)
        except (ValueError, CodeRefused) as reason:
            log.error("the agreement on disk can't be used: %s", reason)
            return None
        self._written_confirmation = confirmed_at
        return KeptAgreement(agreement, Offers(agreement), body["document"], confirmed_at)
