"""The calls of the staff's console."""
