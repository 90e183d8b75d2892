"""Our application as gunicorn finds it, with settings from the environment."""

from __future__ import annotations

from flask import Flask

from miniprogram_api.app import create_app as create
from miniprogram_api.config import load_settings


def create_app() -> Flask:
    return create(load_settings())
