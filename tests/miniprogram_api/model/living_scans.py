"""Members scan whatever they find: fresh, late, again, too much, with a child, at the wrong place."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, rule

from tests.miniprogram_api.cast import PIER
from tests.miniprogram_api.model.ground import BEACH, MAINLAND
from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE, midnight_before
from tests.miniprogram_api.model.known_scenes import COOLING, SCENES, TREE_CARE
from tests.miniprogram_api.model.living import BEGINNINGS, WHO, Living
from tests.miniprogram_api.model.scanning import GROUP, SINGLE, TICKET, Shown

SCENE = st.sampled_from(sorted(SCENES))
KIOSK = st.sampled_from([PIER, PIER, PIER, MAINLAND, BEACH])
KEYS = st.sampled_from(["fresh", "fresh", "none", "own", "old", "waiting"])
QUANTITIES = st.sampled_from([1, 1, 2, 3, 10, 19, 20, 25, 30, 31, 101, 150, 250, 300, 455, 600, 1000, 3001])
SCREEN_AGES = st.sampled_from([0, 0, 0, 0, 90, 91, -30, -31])
AGES = st.sampled_from([0, 0, 0, 1, 20 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 18 * HOUR, DAY, 2 * DAY])
# Seconds, or so many midnights ago and a little off; None for a kiosk that has no time.
MIDNIGHTS = st.tuples(st.integers(0, 13), st.sampled_from([-1, 0, 1, MINUTE]))
LATE = AGES | MIDNIGHTS | AGES | MIDNIGHTS | st.integers(0, 14 * DAY + 1) | st.none()
AGAIN = st.sampled_from(["same key", "same key", "without key", "somebody else", "child", "clone"])


class LivingScans(Living):
    """`used_keys` are keys that made something, with whose they are; others may use the same text."""

    codes: Bundle[tuple[Shown, str, str | None]] = Bundle("codes")  # with who scanned it first, and the key

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.used_keys: list[tuple[int, str]] = []

    def show(self, kind: int, scene: int, age: int = 0, kiosk: int = PIER, **changes: int) -> Shown:
        """A fresh code of a kiosk, `age` seconds old unless `issued_at` says otherwise."""
        facts = {"variant": 0, "quantity": SCENES[scene].least, "issued_at": self.now - age, **changes}
        return self.ground.code(kind, kiosk, scene, facts["variant"], facts["quantity"], facts["issued_at"])

    def scan(self, code: Shown, who: str, companion: int = 0, room: int | None = None, key: str | None = None) -> None:
        member = self.stage.members[who]
        came = self.same(
            lambda: self.model.foresee_scan(code, member, companion, room, key, self.now),
            lambda: self.stage.scan(who, code.text, key, companion=companion, room=room),
        )
        if came is None:
            return
        act, scanned = came
        if act.number == 0:
            self.model.book_scan(act, scanned.act["id"], key, self.now)
            if key:
                self.used_keys.append((member, key))
        assert scanned.act["id"] == act.number
        assert (scanned.act["state"], scanned.act["points"]) == (act.state, act.points)
        purse, shown = self.model.purses[member], scanned.balance
        assert (shown.available, shown.held, shown.debt) == (purse.available, purse.held, purse.debt)

    def key_of(self, which: str, who: str) -> str | None:
        """A fresh key, none, one of the last that this member used, or anybody, or that of an act that now waits."""
        if which == "none":
            return None
        if which == "waiting":
            key = self.fresh_key()
            self.scan(self.show(TICKET, TREE_CARE, issued_at=0), who, key=key)
            return key
        member = self.stage.members[who]
        known = [key for whose, key in self.used_keys if which == "old" or whose == member]
        return self.fresh_key() if which == "fresh" or not known else known[-1 - len(known) % min(3, len(known))]

    @initialize(moment=st.sampled_from(BEGINNINGS), days=st.integers(2, 5))
    def begin(self, moment: int, days: int) -> None:
        """They have cared for trees; without points there would be little to exchange."""
        self.stage.clock.set(moment)
        for who in self.stage.members:
            for day in range(days):
                self.scan(self.show(TICKET, TREE_CARE, (day + 1) * DAY), who)

    @rule(
        target=codes,
        who=WHO,
        scene=SCENE,
        kind=st.sampled_from([SINGLE, GROUP]),
        quantity=QUANTITIES,
        age=SCREEN_AGES,
        kiosk=KIOSK,
        room=st.sampled_from([None, 1001, 1001, 1002]),
        keyed=KEYS,
    )
    def scan_a_screen(
        self, who: str, scene: int, kind: int, quantity: int, age: int, kiosk: int, room: int | None, keyed: str
    ) -> tuple[Shown, str, str | None]:
        code, key = (
            self.show(kind, scene, age, kiosk, **self._amount(scene, quantity)),
            self.key_of(keyed, who),
        )
        self.scan(code, who, 0, room if scene == COOLING else None, key)
        return code, who, key

    @rule(
        target=codes,
        who=WHO,
        scene=SCENE,
        quantity=QUANTITIES,
        age=LATE,
        kiosk=KIOSK,
        companion=st.sampled_from([0, 0, 0, 1, 3]),
        keyed=KEYS,
    )
    def scan_a_ticket(
        self,
        who: str,
        scene: int,
        quantity: int,
        age: int | tuple[int, int] | None,
        kiosk: int,
        companion: int,
        keyed: str,
    ) -> tuple[Shown, str, str | None]:
        code = self.show(TICKET, scene, 0, kiosk, issued_at=self._moment(age), **self._amount(scene, quantity))
        key = self.key_of(keyed, who)
        self.scan(code, who, companion, None, key)
        return code, who, key

    def _moment(self, age: int | tuple[int, int] | None) -> int:
        if age is None:
            return 0
        if isinstance(age, int):
            return self.now - age
        days, edge = age
        return min(self.now, midnight_before(self.now) - days * DAY + edge)

    def _amount(self, scene: int, quantity: int) -> dict[str, int]:
        """Mostly what the scene takes, or little would be credited: one of what is counted one by one."""
        known = SCENES[scene]
        if known.period == "night":
            quantity = min(quantity, 31)
        variant = quantity % 2 if len(known.grams) > 1 or quantity == 31 else 0
        return {"quantity": quantity if known.most > 1 else 1, "variant": variant}

    @rule(before=codes, how=AGAIN, who=WHO)
    def scan_a_code_again(self, before: tuple[Shown, str, str | None], how: str, who: str) -> None:
        """The answer was lost; or somebody tries a code twice, hands it on, gives it to a child, copies it."""
        code, first, key = before
        room = 1001 if code.scene == COOLING else None
        if how == "same key":
            self.scan(code, first, 0, room, key)
        elif how == "without key":
            self.scan(code, first, 0, room, None)
        elif how == "child":
            self.scan(code, first, 1, None, self.fresh_key())
        elif how == "somebody else":
            self.scan(code, who, 0, room, key)
        elif code.kiosk == BEACH and self.model.scans.on_counter(code):
            self._scan_a_clone(code, who, first)

    def _scan_a_clone(self, code: Shown, who: str, first: str) -> None:
        """Only of the beach's kiosk, which is suspended for it, or nothing else would happen; printed before that, and
        scanned again by the same person and by who had the first code."""
        clone = self.ground.code(TICKET, BEACH, code.scene, 0, code.quantity, self.now - HOUR, like=code)
        for whose in (who, who, first):
            self.scan(clone, whose)
            self.stage.island.directory.forget()
