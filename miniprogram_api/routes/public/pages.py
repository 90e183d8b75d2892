"""The pages of tourist, merchant, staff and documentation, and the files they load."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import PathConverter

from miniprogram_api.routes.headers import CAMERA
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.static_files import StaticFiles, answer_at_once
from miniprogram_api.routes.surroundings import surroundings
from miniprogram_api.routes.whole_pages import WholePage
from scenes.wire.arrival import arrival_stamp
from scenes.wire.code_text import code_bytes
from scenes.wire.errors import CodeRefused
from scenes.wire.kiosk_code import open_kiosk_code

EMPTY_ARRIVAL = b'<meta name="arrival" content="">'


class Anything(PathConverter):
    """The rest of an address whatever it is; the usual converter of paths refuses a leading slash and no text."""

    regex = ".*?"
    part_isolating = False


def pages(files: StaticFiles) -> Blueprint:
    """The blueprint that answers with files of this folder."""
    blueprint = Blueprint("pages", __name__)
    tourist_page = WholePage(files, "tourist", crosses=True)
    merchant_page, staff_page = WholePage(files, "merchant"), WholePage(files, "staff")
    blueprint.record_once(lambda state: state.app.url_map.converters.update(anything=Anything))

    @blueprint.get("/")
    def tourist() -> Response:
        return _with_camera(tourist_page.answer())

    @blueprint.get("/S/<anything:code_text>", merge_slashes=False)
    def arrive(code_text: str) -> Response:
        return _with_camera(_arrival_page(tourist_page, code_text))

    @blueprint.get("/merchant/")
    def merchant() -> Response:
        return _with_camera(merchant_page.answer())

    @blueprint.get("/staff/")
    def staff() -> Response:
        return staff_page.answer()

    @blueprint.get("/api/v1/docs")
    def documentation() -> Response:
        return files.answer("docs/index.html")

    @blueprint.get("/static/<path:name>")
    def static(name: str) -> Response:
        return files.answer(name)

    return blueprint


def _with_camera(response: Response) -> Response:
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _arrival_page(tourist: WholePage, code_text: str) -> Response:
    """The tourist page with the stamp of this moment in it; the same page for any text, and never credits."""
    build = tourist.build()
    page = tourist.text(build)
    if EMPTY_ARRIVAL not in page:
        raise Problem("fault")
    stamped = f'<meta name="arrival" content="{_stamp(code_text)}">'.encode("ascii")
    response = answer_at_once(page.replace(EMPTY_ARRIVAL, stamped, 1), "text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return tourist.completed(response, build)


def _stamp(code_text: str) -> str:
    """The arrival stamp for a genuine kiosk code, an empty text for any other or while the database is away."""
    here = surroundings()
    base_url = here.island.code_base_url
    try:
        open_kiosk_code(code_text, base_url, here.island.directory.public_key)
        return arrival_stamp(here.island.keys.arrival, code_bytes(code_text, base_url), here.clock.now())
    except CodeRefused:
        return ""
    except SQLAlchemyError:  # the page opens without the books, and the phone keeps the code
        return ""
