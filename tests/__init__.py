"""The rule book in sentences, and the one list of checks (`./island test`)."""
