"""Who may do what: the roles of the staff and of a merchant's people, and the calls that each of them is trusted with.

An operation goes by its id in the OpenAPI document. What stands in no row here is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

ADMINISTRATOR = "administrator"

# What a person may do with their own account, whatever the role.
OWN_ACCOUNT = frozenset(
    {
        "staff_read_session",
        "staff_end_session",
        "staff_list_sessions",
        "staff_revoke_session",
        "staff_read_account",
        "staff_change_password",
        "staff_begin_second_factor",
        "staff_confirm_second_factor",
        "staff_renew_recovery_codes",
    }
)
# With a one-time password only this is possible, so that it is changed before anything else is done.
BEFORE_OWN_PASSWORD = frozenset({"staff_read_session", "staff_end_session", "staff_change_password"})

# What everybody in the office may look at.
OFFICE = OWN_ACCOUNT | {"staff_read_today", "staff_list_scenes", "staff_list_kiosks"}

STAFF: dict[str, frozenset[str]] = {
    "operator": OFFICE,
    "approver": OFFICE,
    "finance": OFFICE,
    "fleet": OFFICE,
    "auditor": OFFICE | {"staff_list_audit"},
    ADMINISTRATOR: OFFICE
    | {
        "staff_list_people",
        "staff_create_person",
        "staff_read_person",
        "staff_change_person",
        "staff_reset_password",
        "staff_revoke_sessions",
        "staff_list_audit",
    },
}

COUNTER = frozenset(
    {
        "merchant_end_session",
        "merchant_create_lookup",
        "merchant_create_redemption",
        "merchant_create_undo",
        "merchant_list_redemptions",
    }
)
MERCHANT: dict[str, frozenset[str]] = {"owner": COUNTER, "cashier": COUNTER}

Table = dict[str, frozenset[str]]


def permitted(table: Table, roles: Iterable[str], operation: str) -> bool:
    """Whether one of the roles may do it; an unknown role or operation is refused."""
    return any(operation in table.get(role, ()) for role in roles)


def permitted_to_all(table: Table, operation: str) -> bool:
    """Whether every role of the table may do it."""
    return all(operation in operations for operations in table.values())


def operations_of(table: Table, roles: Iterable[str]) -> frozenset[str]:
    """Everything that one of the roles may do."""
    return frozenset[str]().union(*(table.get(role, frozenset()) for role in roles))
