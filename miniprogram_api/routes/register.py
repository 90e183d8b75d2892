"""Every route of the server, in one list."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from miniprogram_api.routes.kiosk import agreement, heartbeats, journal, provisioning, uses
from miniprogram_api.routes.kiosk import keys as kiosk_keys
from miniprogram_api.routes.member import (
    activities,
    consents,
    export,
    forgetting,
    items,
    me,
    message_consents,
    passes,
    reductions,
    scans,
    vouchers,
)
from miniprogram_api.routes.member import scenes as member_scenes
from miniprogram_api.routes.member import sessions as member_sessions
from miniprogram_api.routes.merchant import acts as merchant_acts
from miniprogram_api.routes.merchant import lookups, redemptions
from miniprogram_api.routes.merchant import people as merchant_people
from miniprogram_api.routes.merchant import sessions as merchant_sessions
from miniprogram_api.routes.public import island, keys
from miniprogram_api.routes.public import place_signs as public_place_signs
from miniprogram_api.routes.public.health import health
from miniprogram_api.routes.public.pages import pages
from miniprogram_api.routes.public.verification import verification
from miniprogram_api.routes.staff import (
    account,
    adjustments,
    audit,
    cards,
    desk_vouchers,
    factors,
    groups,
    item_versions,
    jobs,
    journal_imports,
    kiosks,
    members,
    merchants,
    messages,
    notices,
    people,
    place_signs,
    reviews,
    rule_versions,
    scenes,
    stock,
    today,
    venues,
)
from miniprogram_api.routes.staff import items as staff_items
from miniprogram_api.routes.staff import journal as staff_journal
from miniprogram_api.routes.staff import sessions as staff_sessions
from miniprogram_api.routes.static_files import StaticFiles

API = "/api/v1"
CALLS = (
    member_sessions.calls,
    me.calls,
    activities.calls,
    consents.calls,
    export.calls,
    forgetting.calls,
    passes.calls,
    scans.calls,
    member_scenes.calls,
    items.calls,
    vouchers.calls,
    message_consents.calls,
    reductions.calls,
    merchant_sessions.calls,
    lookups.calls,
    redemptions.calls,
    merchant_acts.calls,
    merchant_people.calls,
    provisioning.calls,
    kiosk_keys.calls,
    agreement.calls,
    uses.calls,
    heartbeats.calls,
    journal.calls,
    staff_sessions.calls,
    today.calls,
    scenes.calls,
    rule_versions.calls,
    factors.calls,
    groups.calls,
    venues.calls,
    place_signs.calls,
    kiosks.calls,
    staff_journal.calls,
    journal_imports.calls,
    notices.calls,
    staff_items.calls,
    item_versions.calls,
    stock.calls,
    merchants.calls,
    people.calls,
    account.calls,
    audit.calls,
    members.calls,
    cards.calls,
    desk_vouchers.calls,
    adjustments.calls,
    reviews.calls,
    jobs.calls,
    messages.calls,
    island.calls,
    keys.calls,
    public_place_signs.calls,
)


def register_calls(app: APIFlask, static_folder: Path) -> None:
    """Let the application answer every call of the API, every page and every file below `static_folder`."""
    for calls in CALLS:
        app.register_blueprint(calls.blueprint, url_prefix=API)
    app.register_blueprint(health)
    app.register_blueprint(verification)
    app.register_blueprint(pages(StaticFiles(static_folder)))
