"""The permission table: what stands in it is what the roles may do, and the rest is for nobody."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.permissions import (
    ADMINISTRATOR,
    BEFORE_OWN_PASSWORD,
    BEFORE_SECOND_FACTOR,
    MERCHANT,
    OWN_ACCOUNT,
    STAFF,
    Table,
    needs_second_factor,
    operations_of,
    permitted,
    permitted_to_all,
)
from tests.miniprogram_api.routes.who_may import MERCHANT_MAY, STAFF_MAY


@pytest.mark.parametrize(("table", "may"), [(STAFF, STAFF_MAY), (MERCHANT, MERCHANT_MAY)], ids=["staff", "merchant"])
def test_the_table_says_what_the_tests_say_and_nothing_more(table: Table, may: dict[str, set[str]]) -> None:
    roles = set().union(*may.values())
    assert set(table) == roles
    assert operations_of(table, roles) == set(may)
    for operation, allowed in may.items():
        assert {role for role in roles if permitted(table, [role], operation)} == allowed, operation


def test_an_operation_without_a_row_is_for_nobody() -> None:
    assert not permitted(STAFF, STAFF, "staff_open_the_safe")
    assert not permitted_to_all(MERCHANT, "merchant_open_the_safe")


def test_what_the_whole_counter_may_do_is_what_each_of_its_roles_may() -> None:
    assert permitted_to_all(MERCHANT, "merchant_create_redemption")
    assert not permitted_to_all(MERCHANT, "merchant_create_person")  # the owner's alone


def test_an_unknown_role_may_do_nothing() -> None:
    assert not permitted(STAFF, ["owner"], "staff_read_today")
    assert operations_of(STAFF, ["owner", ""]) == frozenset()


def test_several_roles_add_up() -> None:
    assert operations_of(STAFF, ["operator", "auditor"]) == STAFF["operator"] | STAFF["auditor"]
    assert permitted(STAFF, ["operator", "auditor"], "staff_list_audit")
    assert not permitted(STAFF, ["operator", "auditor"], "staff_list_people")


def test_everybody_looks_after_their_own_account_and_only_administrators_after_others() -> None:
    assert all(operations >= OWN_ACCOUNT for operations in STAFF.values())
    assert OWN_ACCOUNT > BEFORE_SECOND_FACTOR > BEFORE_OWN_PASSWORD
    others = {"staff_create_person", "staff_change_person", "staff_reset_password", "staff_revoke_sessions"}
    assert {role for role in STAFF if STAFF[role] & others} == {ADMINISTRATOR}


def test_who_decides_about_points_money_or_people_needs_a_second_factor() -> None:
    assert {role for role in STAFF if needs_second_factor([role])} == {"approver", "finance", ADMINISTRATOR}
    assert needs_second_factor(["operator", "finance"])
    assert not needs_second_factor([])
