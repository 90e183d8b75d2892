"""The calls of a merchant's counter."""
