"""Reading what people show, without a network: genuine and of this minute, once, and on the disk before the thanks."""

from __future__ import annotations

import pytest

from kiosk.folder import KioskFolder
from kiosk.intake import KeptReading
from kiosk.machine import Machine
from kiosk.reading_lines import AskedLine
from kiosk.reading_refusals import (
    AlreadyRead,
    CardNeedsStaff,
    CardNotValid,
    CodeNotGenuine,
    CodeOfNewerVersion,
    CodeRevoked,
    MinuteOver,
    NotAMemberCode,
    QuizNeeded,
    WeightNeeded,
)
from kiosk.refusals import (
    DiskFull,
    FieldsNotValid,
    KioskSuspended,
    ProofNotAllowed,
    Refusal,
    SceneClosed,
    SceneNotOffered,
)
from scenes.wire.agreement import Revoked, Route
from scenes.wire.code_text import code_link, code_text
from scenes.wire.journal import CodeRead, JournalItem, ReadLine
from scenes.wire.voucher_code import voucher_code
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, Office, scene_documents
from tests.kiosk.shown_codes import agree, card_text, phone
from tests.kiosk.test_journal import items

PLATE = (AskedLine(6),)
HTTPS = "HTTPS://ISLAND.EXAMPLE"


def readings(folder: KioskFolder) -> list[JournalItem]:
    """The items of readings that stand in the journal's file."""
    return [item for item in items(folder) if isinstance(item.content, CodeRead)]


@pytest.fixture
def canteen(pier: Machine, office: Office) -> Machine:
    agree(pier, office, 2)
    return pier


def take(canteen: Machine, text: str, *lines: AskedLine, clerk: str | None = None) -> KeptReading:
    return canteen.intake.take_member_code(text, lines or PLATE, clerk)


# Durable, and exactly what was chosen


def test_a_member_code_is_one_item_with_its_lines_and_the_clerk(canteen: Machine, time_now: MovedClock) -> None:
    text = phone(time_now).text(time_now.wall)
    lines = (AskedLine(6), AskedLine(10, variant=1), AskedLine(12, quantity=2, room="301"))
    kept = take(canteen, text, *lines, clerk="林")
    [item] = readings(canteen.folder)
    assert item.content == CodeRead(text, (ReadLine(6, 0, 1), ReadLine(10, 1, 1), ReadLine(12, 0, 2, "301")), "林")
    assert (item.head.clock, item.head.claimed_at) == ("trusted", int(time_now.wall))
    assert (kept.kind, kept.clock_trusted) == ("member", True)
    assert kept.points_up_to == (5, 4, 8), "two nights have a cap each"


def test_the_journal_keeps_the_bare_code_however_it_was_spelt(canteen: Machine, time_now: MovedClock) -> None:
    shown = phone(time_now)
    bare = shown.text(time_now.wall)
    take(canteen, f"  {HTTPS.lower()}/s/{bare.lower()} \r\n")
    [item] = readings(canteen.folder)
    assert isinstance(item.content, CodeRead)
    assert item.content.code == bare
    with pytest.raises(AlreadyRead):
        take(canteen, bare)


def taken_until_the_disk_is_full(canteen: Machine, time_now: MovedClock) -> str:
    """Reads phone after phone; answers the code that the disk refused."""
    for _ in range(50):
        text = phone(time_now).text(time_now.wall)
        try:
            take(canteen, text)
        except DiskFull:
            return text
    pytest.fail("the disk never became full")


def test_what_the_disk_refuses_is_neither_taken_nor_called_read(canteen: Machine, time_now: MovedClock) -> None:
    with canteen.journal._file.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # the disk is full now
    text = taken_until_the_disk_is_full(canteen, time_now)
    before = len(readings(canteen.folder))
    with canteen.journal._file.reading() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages + 100}")
    take(canteen, text)
    assert len(readings(canteen.folder)) == before + 1


# Once


def test_the_same_minute_counts_once_also_after_a_start(
    canteen: Machine, office: Office, folder: KioskFolder, time_now: MovedClock
) -> None:
    mei = phone(time_now)
    text = mei.text(time_now.wall)
    take(canteen, text)
    for lines in (PLATE, (AskedLine(10),)):
        with pytest.raises(AlreadyRead):
            take(canteen, text, *lines)
    canteen.journal.close()
    again = Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)
    try:
        with pytest.raises(AlreadyRead):
            take(again, text)
        time_now.move(60)
        take(again, mei.text(time_now.wall))
    finally:
        again.close()
    assert len(readings(folder)) == 2


def test_a_reading_that_was_refused_leaves_its_minute_free(canteen: Machine, time_now: MovedClock) -> None:
    text = phone(time_now).text(time_now.wall)
    with pytest.raises(SceneNotOffered):
        take(canteen, text, AskedLine(2))
    take(canteen, text)
    assert len(readings(canteen.folder)) == 1


# The minute


@pytest.mark.parametrize(
    ("begun_since", "taken"), [(121, False), (120, True), (59, True), (0, True), (-60, True), (-61, False)]
)
def test_a_minute_is_taken_90_seconds_around_its_middle(
    canteen: Machine, time_now: MovedClock, begun_since: int, taken: bool
) -> None:
    text = phone(time_now).of_slot(66)  # the minute that begins in five minutes, counted from the last full one
    time_now.move(300 - time_now.wall % 60 + begun_since)
    if taken:
        take(canteen, text)
    else:
        with pytest.raises(MinuteOver):
            take(canteen, text)
    assert len(readings(canteen.folder)) == taken


def test_the_minute_is_judged_by_corrected_time(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    mei = phone(time_now)
    office.server_time = lambda: int(time_now.wall) + 600  # this kiosk is ten minutes slow
    canteen.heartbeats.beat()
    with pytest.raises(MinuteOver):
        take(canteen, mei.text(time_now.wall))
    take(canteen, mei.text(time_now.wall + 600))


def test_a_clock_that_nobody_vouches_for_takes_any_minute_and_says_so(canteen: Machine, time_now: MovedClock) -> None:
    canteen.clock.trusted = False
    kept = take(canteen, phone(time_now).of_slot(1440))
    [item] = readings(canteen.folder)
    assert (item.head.clock, kept.clock_trusted) == ("untrusted", False)


# Genuine


def test_what_is_no_code_of_ours_is_refused_and_leaves_nothing(canteen: Machine, time_now: MovedClock) -> None:
    good = phone(time_now).text(time_now.wall)
    voucher = code_text(voucher_code(b"k" * 32, 1, b"v" * 8, 29_000_000))
    newer = code_text(bytes([0x24]) + bytes(113))
    for text, refusal in (
        ("", NotAMemberCode),
        ("你好", NotAMemberCode),
        (good[:-2], NotAMemberCode),
        (f"HTTPS://ELSEWHERE.EXAMPLE/S/{good}", NotAMemberCode),
        (voucher, NotAMemberCode),
        (code_link(bytes([0x11]) + bytes(87), HTTPS), NotAMemberCode),
        (newer, CodeOfNewerVersion),
        (phone(time_now, private=b"x" * 32).text(time_now.wall), CodeNotGenuine),
        (phone(time_now, key_id=8).text(time_now.wall), CodeNotGenuine),
    ):
        with pytest.raises(refusal):
            take(canteen, text)
    assert readings(canteen.folder) == []


def test_a_value_of_another_chain_is_refused(canteen: Machine, time_now: MovedClock) -> None:
    mei, bo = phone(time_now), phone(time_now)
    spliced = mei.signed + bytes.fromhex("003d") + bo.last
    with pytest.raises(CodeNotGenuine):
        take(canteen, code_text(spliced))
    assert readings(canteen.folder) == []


def test_what_was_revoked_is_refused(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    mei, bo = phone(time_now), phone(time_now)
    agree(canteen, office, 3, revoked=Revoked(frozenset({mei.alias}), frozenset({b"card-001"})))
    for text in (mei.text(time_now.wall), card_text(time_now)):
        with pytest.raises(CodeRevoked):
            take(canteen, text)
    take(canteen, bo.text(time_now.wall))
    assert len(readings(canteen.folder)) == 1


def test_a_kiosk_that_was_suspended_reads_nothing(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    agree(canteen, office, 3, revoked=Revoked(kiosks=frozenset({KIOSK})))
    with pytest.raises(KioskSuspended):
        take(canteen, phone(time_now).text(time_now.wall))
    assert readings(canteen.folder) == []


# Cards


def test_a_card_is_read_only_where_staff_stand(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    kept = take(canteen, card_text(time_now))
    assert kept.kind == "card"
    agree(canteen, office, 3, attended=False)
    with pytest.raises(CardNeedsStaff):
        take(canteen, card_text(time_now, b"card-002"))
    time_now.move(60)
    take(canteen, phone(time_now).text(time_now.wall), clerk="林")
    assert [item.content.clerk for item in readings(canteen.folder) if isinstance(item.content, CodeRead)] == [
        None,
        None,
    ], "nobody stands at a place without staff"


def test_a_card_outside_its_days_is_refused(canteen: Machine, time_now: MovedClock) -> None:
    for begins, days in ((60, 10), (-10 * 86_400, 10)):
        with pytest.raises(CardNotValid):
            take(canteen, card_text(time_now, days=days, begins=begins))
    assert readings(canteen.folder) == []


def test_a_card_that_lies_on_the_reader_is_one_reading(canteen: Machine, time_now: MovedClock) -> None:
    take(canteen, card_text(time_now))
    time_now.move(29)
    with pytest.raises(AlreadyRead):
        take(canteen, card_text(time_now))
    take(canteen, card_text(time_now), AskedLine(10))
    take(canteen, card_text(time_now, b"card-002"))
    time_now.move(31)
    take(canteen, card_text(time_now))
    assert len(readings(canteen.folder)) == 4


# The acts


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ((), FieldsNotValid),
        ((AskedLine(6),) * 9, FieldsNotValid),
        ((AskedLine(6), AskedLine(6)), FieldsNotValid),  # one act, twice
        ((AskedLine(2),), SceneNotOffered),
        ((AskedLine(9),), ProofNotAllowed),  # DK alone
        ((AskedLine(16),), ProofNotAllowed),  # a weight, and the place names no scale
        ((AskedLine(16, weighed=True, quantity=100),), ProofNotAllowed),
        ((AskedLine(15),), WeightNeeded),
        ((AskedLine(15, quantity=100),), WeightNeeded),  # typed in
        ((AskedLine(22),), ProofNotAllowed),  # the committee's
        ((AskedLine(24),), QuizNeeded),
        ((AskedLine(10, variant=5),), FieldsNotValid),
        ((AskedLine(6, quantity=2),), FieldsNotValid),
        ((AskedLine(12, quantity=8, room="1"),), FieldsNotValid),
        ((AskedLine(12),), FieldsNotValid),  # no room
        ((AskedLine(12, room=" "),), FieldsNotValid),
        ((AskedLine(12, room="123456789"),), FieldsNotValid),
        ((AskedLine(4),), ProofNotAllowed),  # a place without a way in the table
    ],
)
def test_what_this_place_does_not_read_is_refused_whole(
    canteen: Machine, time_now: MovedClock, lines: tuple[AskedLine, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        canteen.intake.take_member_code(phone(time_now).text(time_now.wall), lines, None)
    assert readings(canteen.folder) == []


def test_two_rooms_of_one_scene_are_two_acts(canteen: Machine, time_now: MovedClock) -> None:
    lines = (AskedLine(12, room="301"), AskedLine(12, room="302"))
    assert take(canteen, phone(time_now).text(time_now.wall), *lines).points_up_to == (4, 4)


def test_a_weight_comes_from_the_scale_and_is_promised_up_to_the_cap(canteen: Machine, time_now: MovedClock) -> None:
    kept = take(canteen, phone(time_now).text(time_now.wall), AskedLine(15, quantity=450, weighed=True))
    assert (kept.lines[0].quantity, kept.points_up_to) == (450, (30,)), "3 kg a day count"


def test_a_trailhead_is_one_line_as_long_as_the_way(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    agree(canteen, office, 3, routes=(Route(KIOSK, 10, 32), Route(9, 10, 20), Route(11, KIOSK, 45)))
    take(canteen, phone(time_now).text(time_now.wall), AskedLine(4, quantity=200))
    [item] = readings(canteen.folder)
    assert isinstance(item.content, CodeRead)
    assert item.content.lines == (ReadLine(4, 0, 32),), "the shortest way from here; a typed length is not heard"


def test_a_scene_out_of_season_is_not_read(canteen: Machine, office: Office, time_now: MovedClock) -> None:
    summer = {**scene_documents()[6], "season": ["05-01", "10-07"]}  # the test stands in November
    document = office.sign_agreement(
        3,
        scenes=(summer,),
        profile=canteen.keeper.current.agreement.profile,  # type: ignore[union-attr]  # one is in force
        pass_keys=canteen.keeper.current.agreement.pass_keys,  # type: ignore[union-attr]  # the same
        issued_at=canteen.clock.now(),
    )
    canteen.keeper.take(document)
    with pytest.raises(SceneClosed):
        take(canteen, phone(time_now).text(time_now.wall))


def test_offers_say_what_a_finger_may_have_and_what_only_a_device_knows(canteen: Machine) -> None:
    offers = canteen.keeper.current.offers  # type: ignore[union-attr]  # one is in force
    for number in (15, 16, 22, 4):
        offer = offers.get(number)
        assert offer is not None
        assert not offer.offers_touch("ticket"), "staff's tickets only"
    weighed = offers.get(15)
    assert weighed is not None
    assert [way for way in ("single", "ticket", "group") if weighed.offers_touch(way, weighed=True)] == [
        "single",
        "ticket",
    ]
