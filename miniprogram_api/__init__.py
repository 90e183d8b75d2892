"""The server: checks codes, keeps the books, runs the exchange and answers kiosks, phones, merchants and staff."""
