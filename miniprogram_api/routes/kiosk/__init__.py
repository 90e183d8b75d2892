"""The calls of kiosks, each signed by the kiosk's own key."""
