"""The token that WeChat knows our calls by: one row for each application, shared by all workers and hosts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import Base
from miniprogram_api.models.columns import Bytes, Moment, Number, Word


class WechatToken(Base):
    """`sealed` is encrypted under a key made of the application's secret (services/wechat_tokens.py): a copy of the
    database alone opens nothing. Until `renewing_until` somebody fetches the next one; everybody else waits for it.
    """

    __tablename__ = "wechat_tokens"
    __table_args__ = (CheckConstraint("forced_count BETWEEN 0 AND 20", name="forced_within_allowance"),)

    app_id: Mapped[Word] = mapped_column(primary_key=True)
    sealed: Mapped[Bytes | None]
    expires_at: Mapped[Moment] = mapped_column(default=0, server_default="0")
    renewing_until: Mapped[Moment] = mapped_column(default=0, server_default="0")
    forced_at: Mapped[Moment] = mapped_column(default=0, server_default="0")
    forced_on: Mapped[Number] = mapped_column(default=0, server_default="0")  # the island's day of `forced_count`
    forced_count: Mapped[Number] = mapped_column(default=0, server_default="0")
