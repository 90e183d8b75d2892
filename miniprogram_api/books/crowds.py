"""What a batch must know of all its members before it writes: one statement, one snapshot, as `books.facts` for one.

While the batch is judged act by act, each decided act is noted here as well, so that the next one sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, union_all

from miniprogram_api.books.asked import NUMBER, WORD, asked_rows, row_values
from miniprogram_api.books.facts import Facts, Standing, row_of
from miniprogram_api.books.prepared import Prepared, execute_all
from miniprogram_api.domain.awards import Earlier
from miniprogram_api.domain.phones import Phone, PhoneShare
from miniprogram_api.models import Act, Cap, Member, MemberBalance, Reversal

CapKey = tuple[int, str, int]


class Near(NamedTuple):
    """A credited act of a member: whose of the family, what, when, and on which side of the water."""

    companion: int
    scene: int
    occurred_at: int
    side: str


@dataclass
class Crowd:
    """Balances by member, what is used by limit, credited acts by member, phones by what they are known by."""

    standings: dict[int, Standing] = field(default_factory=dict)
    used: dict[CapKey, int] = field(default_factory=dict)
    near: defaultdict[int, list[Near]] = field(default_factory=lambda: defaultdict(list))
    phones: dict[str, Phone] = field(default_factory=dict)

    def facts(self, member_id: int, moment: int, other_side: str, crossing_seconds: int, phone: str | None) -> Facts:
        """What the decision about one act of this member at that moment, shown on that phone, is made from."""
        facts = Facts(self.standings.get(member_id), self.used, phone=self.phones.get(phone or ""))
        for act in self.near[member_id]:
            facts.acts.append((act.companion, Earlier(act.scene, act.occurred_at)))
            if other_side and act.side == other_side and abs(act.occurred_at - moment) < crossing_seconds:
                facts.far.append(act.companion)
        return facts

    def note(
        self, act: Mapping[str, Any], uses: Collection[Any], debt_paid: int, shares: Collection[PhoneShare]
    ) -> None:
        """An act was decided: what follows in the batch has less room and less debt."""
        for share in shares:
            self.phones[share.phone].note(share.period, share.number, share.member_id)
        for use in uses:
            self.used[use.key] = self.used.get(use.key, 0) + use.amount
        self.standings[act["member_id"]].debt -= debt_paid
        if act["state"] == "credited":
            near = Near(act["companion"], act["scene"], act["occurred_at"], act["side"] or "")
            self.near[act["member_id"]].append(near)


_WHOM = {"member_id": NUMBER, "since": NUMBER, "until": NUMBER}
_CAPS = {"owner": NUMBER, "name": WORD, "period": NUMBER}


def _crowd(dialect: str, _: int) -> Any:
    whom = asked_rows(dialect, "whom", _WHOM)
    wanted = asked_rows(dialect, "wanted", _CAPS)
    balance = MemberBalance
    numbers = [Member.id, balance.available, balance.held, balance.debt, balance.reduction_grams, balance.version]
    members = row_of("member", numbers, Member.kind, Member.salt_key).select_from(whom)
    members = members.join(Member, Member.id == whom.c.member_id).join(balance, balance.member_id == Member.id)
    acts = row_of("act", [Act.member_id, Act.companion, Act.scene, Act.occurred_at], Act.side).select_from(whom)
    between = Act.occurred_at.between(whom.c.since, whom.c.until)
    acts = acts.join(Act, (Act.member_id == whom.c.member_id) & between)
    acts = acts.where(Act.state == "credited", ~exists().where(Reversal.act_id == Act.id))
    caps = row_of("cap", [Cap.owner, Cap.period, Cap.used], Cap.name).select_from(wanted)
    same = (Cap.owner == wanted.c.owner) & (Cap.name == wanted.c.name) & (Cap.period == wanted.c.period)
    return union_all(members, acts, caps.join(Cap, same))


_CROWD = Prepared(_crowd)


def facts_for_crowd(connection: Connection, whom: Mapping[int, tuple[int, int]], wanted: Collection[CapKey]) -> Crowd:
    """The members, each with the times between which its credited acts matter, and these limits."""
    binds = row_values(connection, "whom", list(_WHOM), [(member, *span) for member, span in whom.items()])
    binds |= row_values(connection, "wanted", list(_CAPS), sorted(wanted))
    crowd = Crowd()
    [rows] = execute_all(connection, [_CROWD.statement(connection, binds)])
    for what, owner, a, b, c, d, version, text, raw in rows:
        if what == "member":
            crowd.standings[owner] = Standing(owner, text, bytes(raw or b""), a, b, c, d, version)
        elif what == "act":
            crowd.near[owner].append(Near(a, b, c, text or ""))
        else:
            crowd.used[owner, text, a] = b
    return crowd
