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
        "staff_declare_interest",
    }
)
# With a one-time password only this is possible, so that it is changed before anything else is done.
BEFORE_OWN_PASSWORD = frozenset({"staff_read_session", "staff_end_session", "staff_change_password"})
# Who decides about points, money or people signs in with a second factor; without one only this is possible.
NEEDS_SECOND_FACTOR = frozenset({"approver", "finance", ADMINISTRATOR})
BEFORE_SECOND_FACTOR = BEFORE_OWN_PASSWORD | {
    "staff_read_account",
    "staff_begin_second_factor",
    "staff_confirm_second_factor",
}

# Scenes, places and factors: who looks, who asks for a version, who decides about it.
RULES_SEEN = frozenset(
    {
        "staff_read_scene",
        "staff_list_rule_versions",
        "staff_list_factors",
        "staff_list_groups",
        "staff_read_group",
        "staff_list_group_versions",
        "staff_list_venues",
        "staff_read_venue",
        "staff_list_venue_versions",
    }
)
RULES_ASKED = frozenset(
    {
        "staff_create_scene",
        "staff_preview_scene",
        "staff_create_rule_version",
        "staff_preview_rule_version",
        "staff_withdraw_rule_version",
        "staff_create_group_version",
        "staff_preview_group_version",
        "staff_withdraw_group_version",
        "staff_create_venue",
        "staff_preview_venue",
        "staff_create_venue_version",
        "staff_preview_venue_version",
        "staff_withdraw_venue_version",
    }
)
RULES_DECIDED = frozenset(
    {
        "staff_approve_rule_version",
        "staff_reject_rule_version",
        "staff_approve_group_version",
        "staff_reject_group_version",
        "staff_approve_venue_version",
        "staff_reject_venue_version",
    }
)

# The fleet: who looks at one kiosk, who stops one, who asks for more, and who decides as the second person.
FLEET_SEEN = frozenset({"staff_read_kiosk", "staff_list_kiosk_versions"})
FLEET_STOPPED = frozenset({"staff_suspend_kiosk", "staff_lose_kiosk"})
FLEET_ASKED = FLEET_STOPPED | {
    "staff_create_kiosk",
    "staff_invite_kiosk",
    "staff_create_kiosk_code",
    "staff_end_kiosk_invitation",
    "staff_resume_kiosk",
    "staff_retire_kiosk",
    "staff_rotate_kiosk",
    "staff_withdraw_kiosk_version",
}
FLEET_DECIDED = frozenset({"staff_approve_kiosk_version", "staff_reject_kiosk_version"})

# The troubles of the fleet: who answers a notice, and who hands in a journal that was carried here.
TROUBLES = frozenset({"staff_see_notice", "staff_answer_notice", "staff_create_journal_import"})

# What everybody in the office may look at.
OFFICE = (
    OWN_ACCOUNT
    | RULES_SEEN
    | FLEET_SEEN
    | {
        "staff_read_today",
        "staff_list_scenes",
        "staff_list_kiosks",
        "staff_list_journal",
        "staff_read_journal_item",
        "staff_list_notices",
        "staff_read_notice",
        "staff_list_jobs",
        "staff_list_job_runs",
    }
)

# Goods, their stock and the merchants who give them: who looks, who asks, who decides.
GOODS_SEEN = frozenset(
    {
        "staff_list_items",
        "staff_read_item",
        "staff_list_item_versions",
        "staff_list_stock_changes",
        "staff_list_merchants",
        "staff_read_merchant",
        "staff_list_merchant_versions",
    }
)
GOODS_ASKED = frozenset(
    {
        "staff_create_item",
        "staff_preview_item_version",
        "staff_create_item_version",
        "staff_withdraw_item_version",
        "staff_create_stock_change",
        "staff_withdraw_stock_change",
        "staff_create_merchant",
        "staff_change_merchant",
        "staff_place_merchant",
        "staff_suspend_merchant",
        "staff_resume_merchant",
        "staff_withdraw_merchant_version",
        "staff_reset_counter_password",
    }
)
GOODS_DECIDED = frozenset(
    {
        "staff_approve_item_version",
        "staff_reject_item_version",
        "staff_approve_stock_change",
        "staff_reject_stock_change",
        "staff_approve_merchant_version",
        "staff_reject_merchant_version",
    }
)

# Members and the correction of what was booked for them.
MEMBERS_SEEN = frozenset(
    {
        "staff_list_members",
        "staff_read_member",
        "staff_list_member_activities",
        "staff_list_adjustments",
        "staff_read_adjustment",
    }
)
# Residents' cards: who finds them, and who stands at the desk.
CARDS_SEEN = frozenset({"staff_list_cards"})
DESK = CARDS_SEEN | {
    "staff_create_member",
    "staff_create_card",
    "staff_revoke_card",
    "staff_print_card_sheets",
    "staff_create_desk_voucher",
    "staff_print_voucher_slip",
}
# What members were told on WeChat says what they exchanged; signs of places go up on walls.
MESSAGES_SEEN = frozenset({"staff_list_messages"})
SIGNS = frozenset({"staff_print_place_sign"})
CORRECTIONS_ASKED = frozenset({"staff_create_adjustment", "staff_withdraw_adjustment", "staff_create_reversal"})
CORRECTIONS_DECIDED = frozenset({"staff_approve_adjustment", "staff_reject_adjustment"})

# Acts that wait for a person; above a limit in points the service also asks for the approver's role.
REVIEWS_SEEN = frozenset({"staff_list_reviews", "staff_read_review"})
REVIEWS = REVIEWS_SEEN | frozenset(
    {
        "staff_accept_review",
        "staff_refuse_review",
        "staff_ask_review",
        "staff_accept_reviews",
        "staff_refuse_reviews",
    }
)

STAFF: dict[str, frozenset[str]] = {
    "operator": OFFICE
    | TROUBLES
    | MEMBERS_SEEN
    | DESK
    | CORRECTIONS_ASKED
    | GOODS_SEEN
    | GOODS_ASKED
    | RULES_ASKED
    | SIGNS
    | MESSAGES_SEEN
    | REVIEWS
    | FLEET_STOPPED,
    "approver": OFFICE
    | MEMBERS_SEEN
    | CARDS_SEEN
    | CORRECTIONS_DECIDED
    | GOODS_SEEN
    | GOODS_DECIDED
    | RULES_DECIDED
    | FLEET_DECIDED
    | REVIEWS,
    "finance": OFFICE | MEMBERS_SEEN | GOODS_SEEN,
    "fleet": OFFICE | TROUBLES | REVIEWS | FLEET_ASKED | FLEET_DECIDED,
    "auditor": OFFICE | MEMBERS_SEEN | MESSAGES_SEEN | CARDS_SEEN | GOODS_SEEN | REVIEWS_SEEN | {"staff_list_audit"},
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
        "merchant_list_scenes",
        "merchant_create_acts",
        "merchant_create_acts_undo",
        "merchant_list_acts",
        "merchant_change_password",
    }
)
# The owner also looks after the people of the counter.
SHOP = COUNTER | {
    "merchant_list_people",
    "merchant_create_person",
    "merchant_change_person",
    "merchant_reset_password",
}
MERCHANT: dict[str, frozenset[str]] = {"owner": SHOP, "cashier": COUNTER}
# With a one-time password only this is possible.
COUNTER_BEFORE_OWN_PASSWORD = frozenset({"merchant_end_session", "merchant_change_password"})

Table = dict[str, frozenset[str]]


def permitted(table: Table, roles: Iterable[str], operation: str) -> bool:
    """Whether one of the roles may do it; an unknown role or operation is refused."""
    return any(operation in table.get(role, ()) for role in roles)


def needs_second_factor(roles: Iterable[str]) -> bool:
    """Whether one of the roles is trusted with more than a password should open."""
    return not NEEDS_SECOND_FACTOR.isdisjoint(roles)


def permitted_to_all(table: Table, operation: str) -> bool:
    """Whether every role of the table may do it."""
    return all(operation in operations for operations in table.values())


def operations_of(table: Table, roles: Iterable[str]) -> frozenset[str]:
    """Everything that one of the roles may do."""
    return frozenset[str]().union(*(table.get(role, frozenset()) for role in roles))
