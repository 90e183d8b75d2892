"""The rights of the server on PostgreSQL: a role that can add to the books and can't change them.

Tables that a trigger keeps append-only can be read and added to; tables whose rows stay can also be changed; all
others are the application's to change. The role has no login of its own: `GRANT tanyu_application TO <login>`.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

ROLE = "tanyu_application"
# What names a forgotten member is taken out of these; triggers see to it that it is nobody else's (20261208_privacy).
FORGETTABLE = {
    "acts": ("nonce", "pending_key"),
    "entries": ("key", "content"),
    "readings": ("holder",),
    "journal_items": ("body",),
    "desk_acts": ("lines",),
    "audit_events": ("object", "detail"),
}

_MAY_MAKE = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
_THERE = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
# The triggers themselves say what kind of table it is (20261122_second_append_only): no second list to forget.
_TABLES = text(
    "SELECT c.relname, bool_or(t.tgname = c.relname || '_append_only'), bool_or(t.tgname = c.relname || '_stay') "
    "FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid "
    "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname"
)


def grant_application_rights(connection: Connection) -> None:
    """Give the role exactly its rights on every table there is; does nothing on SQLite, which knows no rights.

    A login that may not make roles needs somebody who does `CREATE ROLE tanyu_application NOLOGIN` before; without
    that the triggers guard the books alone.
    """
    if connection.dialect.name != "postgresql" or not _made(connection):
        return
    for table, append_only, stays in connection.execute(_TABLES).all():
        connection.execute(text(f'REVOKE ALL ON "{table}" FROM {ROLE}'))
        connection.execute(text(f'GRANT {_rights(table, append_only, stays)} ON "{table}" TO {ROLE}'))
        if table in FORGETTABLE:
            columns = ", ".join(f'"{column}"' for column in FORGETTABLE[table])
            connection.execute(text(f'GRANT UPDATE ({columns}) ON "{table}" TO {ROLE}'))
    schema = connection.scalar(text("SELECT current_schema()"))
    connection.execute(text(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{schema}" TO {ROLE}'))


def _rights(table: str, append_only: bool | None, stays: bool | None) -> str:
    if table == "alembic_version":
        return "SELECT"
    if append_only:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if stays else "SELECT, INSERT, UPDATE, DELETE"


def _made(connection: Connection) -> bool:
    """Whether the role is there now."""
    if connection.scalar(_THERE, {"role": ROLE}):
        return True
    if not connection.scalar(_MAY_MAKE):
        return False
    connection.execute(text(f"CREATE ROLE {ROLE} NOLOGIN"))
    return True
