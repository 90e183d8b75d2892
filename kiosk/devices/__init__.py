"""What a kiosk is wired to: printers, and their simulated twin."""
