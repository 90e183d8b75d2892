"""What a WSGI server loads: the application with the settings of the environment."""

from __future__ import annotations

import sys

from miniprogram_api.app import create_app
from miniprogram_api.config import SettingsRefused, load_settings
from miniprogram_api.logs import start_logging

start_logging()
try:
    application = create_app(load_settings())
except SettingsRefused as reason:
    sys.exit(f"The server does not start: {reason}")
