"""Reaches out: outside services, each with a simulated twin that announces itself."""
