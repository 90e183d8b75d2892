"""Decides: pure functions over frozen dataclasses."""
