"""Triggers that keep a table append-only, for the migration that makes the table."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op
from sqlalchemy import inspect

Keys = Sequence[tuple[str, ...]]


def keep_append_only(table: str, identity: Keys, left_out: Keys = (), left_out_of_some: Keys = ()) -> None:
    """No row of the table is changed, removed or replaced.

    An INSERT that meets a key of `identity` is refused, one that meets a key of `left_out` leaves its row out
    (writers say ON CONFLICT DO NOTHING and look at what comes back). SQLite needs that said by a BEFORE INSERT
    trigger, because REPLACE removes rows without asking a DELETE trigger where recursive_triggers is off.
    The last column of a key of `left_out_of_some` is a flag: only rows in which it is 0 meet one another.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    lines = [_line(table, key, f"RAISE(ABORT, '{table} is append-only')") for key in identity]
    lines += [_line(table, key, "RAISE(IGNORE)") for key in left_out]
    lines += [_line(table, key, "RAISE(IGNORE)", f"NEW.{key[-1]} = 0 AND ") for key in left_out_of_some]
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {' '.join(lines)} END")


def _line(table: str, key: tuple[str, ...], then: str, only: str = "") -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"SELECT {then} WHERE {only}EXISTS (SELECT 1 FROM {table} WHERE {same});"


def let_forget(table: str, columns: Sequence[str], allowed: str) -> None:
    """From now on these columns of an append-only table may be changed where `allowed` holds (SQL over OLD and NEW),
    and nothing else with them: what names a member who was forgotten is taken out of the row.

    `allowed` has to refuse a value that would take another row's place under a UNIQUE key: SQLite's UPDATE OR REPLACE.
    """
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        others = [column["name"] for column in inspect(bind).get_columns(table) if column["name"] not in columns]
        same = " AND ".join(f'OLD."{column}" IS NEW."{column}"' for column in others)
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN COALESCE(NOT ({same} AND ({allowed})), 1) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    rest = " - ".join(f"'{column}'" for column in columns)
    same = f"(to_jsonb(OLD) - {rest}) = (to_jsonb(NEW) - {rest})"
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE FUNCTION {table}_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF COALESCE({same} AND ({allowed}), false) THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_forgetting BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_forgetting()"
    )


def let_forget_no_more(table: str) -> None:
    """Undo `let_forget`: no column of the table may be changed."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    for trigger in ("forgetting", "append_only"):
        op.execute(f"DROP TRIGGER {table}_{trigger} ON {table}")
    op.execute(f"DROP FUNCTION {table}_forgetting()")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def keep_from_replacing(
    table: str, identity: Keys, left_out: Keys, left_out_where: Sequence[tuple[tuple[str, ...], str]] = ()
) -> None:
    """Make the BEFORE INSERT trigger of an append-only table anew, for keys that came later; SQLite's alone.

    Rows meet in a key of `left_out_where` where both are what its condition says, `{0}` standing for the row.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    lines = [_line(table, key, f"RAISE(ABORT, '{table} is append-only')") for key in identity]
    lines += [_line(table, key, "RAISE(IGNORE)") for key in left_out]
    for key, where in left_out_where:
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        found = f"EXISTS (SELECT 1 FROM {table} WHERE {same} AND {where.format('')})"
        lines.append(f"SELECT RAISE(IGNORE) WHERE {where.format('NEW.')} AND {found};")
    op.execute(f"DROP TRIGGER {table}_no_replace")
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {' '.join(lines)} END")
