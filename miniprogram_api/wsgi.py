"""What a WSGI server loads: the application with the settings of the environment."""

from __future__ import annotations

import sys

from miniprogram_api.app import create_app
from miniprogram_api.config import SettingsRefused, load_settings
from miniprogram_api.logs import start_logging

APP_FAILED_TO_LOAD = 4  # with this code gunicorn stops; after any other it would start the next worker for ever

start_logging()
try:
    application = create_app(load_settings())
except SettingsRefused as reason:
    print(f"The server does not start: {reason}", file=sys.stderr)
    sys.exit(APP_FAILED_TO_LOAD)
