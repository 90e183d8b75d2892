"""Speaks: HTTP by caller; calls services and queries, never commits."""
