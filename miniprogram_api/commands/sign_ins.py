"""The demonstration's sign-ins: made once, kept in DATA/demo.json for people and tools, hashed in the database."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyotp

from miniprogram_api.services.passwords import new_password


def sign_ins_of(path: Path, island: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Those that the file holds, and new ones for whoever has none yet; `island` is the description of them all."""
    kept = read_demonstration(path)
    merchants = {one["login"]: one for one in kept.get("merchants", ())}
    staff = {one["login"]: one for one in kept.get("staff", ())}
    return {
        "merchants": [
            merchants.get(one["login"]) or {"name": one["name_zh"], "login": one["login"], "password": new_password()}
            for one in island["merchant"]
        ],
        "staff": [
            staff.get(one["login"])
            or {
                "login": one["login"],
                "password": new_password(),
                "role": one["role"],
                "totp_secret": pyotp.random_base32(),
            }
            for one in island["staff"]
        ],
    }


def read_demonstration(path: Path) -> dict[str, Any]:
    """The document in the file, empty when there is none."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return document


def keep_demonstration(path: Path, document: dict[str, Any]) -> None:
    """Writes {server, kiosk, merchants, staff} in one step, for the owner only: it holds passwords."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
