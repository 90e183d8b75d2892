"""What WeChat wants to find at the root of our domain, so that links and pages of it may open there."""

from __future__ import annotations

from flask import Blueprint, Response

from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.surroundings import surroundings

verification = Blueprint("verification", __name__)


@verification.get("/<name>.txt")
def verification_file(name: str) -> Response:
    """Exactly the files of the settings, with exactly their content; nothing on the disk is looked at."""
    content = surroundings().settings.verification_files.get(f"{name}.txt")
    if content is None:
        raise Problem("not_found")
    return Response(content, 200, {"Cache-Control": "no-cache"}, content_type="text/plain; charset=utf-8")
