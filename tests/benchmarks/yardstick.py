"""The yardstick: the smallest honest route that credits a code, in SQLAlchemy Core and once in the ORM.

It checks an HMAC, writes a nonce, two entries, a balance and an audit row, and commits: five statements and COMMIT.
It has no sessions, caps, cool-downs, lots or evidence. Everything is measured against it.
"""

from __future__ import annotations

import hmac
import json
import os
import time

from flask import Flask, Response, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, Text, bindparam, insert, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from miniprogram_api.db import prepare_engine

KEY = b"yardstick"
BIG = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    pass


class Nonce(Base):
    __tablename__ = "yard_nonces"
    nonce: Mapped[str] = mapped_column(Text, primary_key=True)


class YardEntry(Base):
    __tablename__ = "yard_entries"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    account: Mapped[int] = mapped_column(BIG, index=True)
    amount: Mapped[int] = mapped_column(BIG)
    nonce: Mapped[str] = mapped_column(Text)


class YardBalance(Base):
    __tablename__ = "yard_balances"
    member: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    points: Mapped[int] = mapped_column(BIG)


class YardAudit(Base):
    __tablename__ = "yard_audit"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[int] = mapped_column(BIG)
    what: Mapped[str] = mapped_column(Text)


_NONCE, _ENTRY, _AUDIT = insert(Nonce), insert(YardEntry), insert(YardAudit)
_BALANCE = (
    update(YardBalance)
    .where(YardBalance.member == bindparam("whose"))
    .values(points=YardBalance.points + bindparam("more"))
)

db = SQLAlchemy(model_class=Base)


def signed(member: int, nonce: str) -> bytes:
    """The body of a request."""
    tag = hmac.digest(KEY, f"{member}:{nonce}".encode(), "sha256").hex()
    return json.dumps({"member": member, "nonce": nonce, "tag": tag}).encode()


def _checked() -> tuple[int, str]:
    body = request.get_json()
    member, nonce = body["member"], body["nonce"]
    genuine = hmac.digest(KEY, f"{member}:{nonce}".encode(), "sha256").hex()
    if not hmac.compare_digest(genuine, body["tag"]):
        raise PermissionError
    return member, nonce


def credit_in_core() -> Response:
    member, nonce = _checked()
    connection = db.session.connection(execution_options={"writes": True})
    connection.execute(_NONCE, {"nonce": nonce})
    connection.execute(_ENTRY, {"account": member, "amount": 5, "nonce": nonce})
    connection.execute(_ENTRY, {"account": 0, "amount": -5, "nonce": nonce})
    connection.execute(_BALANCE, {"whose": member, "more": 5})
    connection.execute(_AUDIT, {"at": int(time.time()), "what": f"credit {member}"})
    db.session.commit()
    return Response(json.dumps({"points": 5}), 201, mimetype="application/json")


def credit_in_orm() -> Response:
    member, nonce = _checked()
    db.session.connection(execution_options={"writes": True})
    db.session.add(Nonce(nonce=nonce))
    db.session.add(YardEntry(account=member, amount=5, nonce=nonce))
    db.session.add(YardEntry(account=0, amount=-5, nonce=nonce))
    balance = db.session.get(YardBalance, member)
    assert balance is not None
    balance.points += 5
    db.session.add(YardAudit(at=int(time.time()), what=f"credit {member}"))
    db.session.commit()
    return Response(json.dumps({"points": 5}), 201, mimetype="application/json")


def create_app() -> Flask:
    """The application on the database of YARDSTICK_DATABASE_URL, whose tables exist."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["YARDSTICK_DATABASE_URL"]
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.add_url_rule("/core", view_func=credit_in_core, methods=["POST"])
    app.add_url_rule("/orm", view_func=credit_in_orm, methods=["POST"])
    return app
