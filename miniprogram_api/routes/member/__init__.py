"""The calls of a member's phone."""
