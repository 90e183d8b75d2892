"""The agreement: what can be earned, how much carbon it saves, and how it is written on paper and on the wire.

Kiosk and server both read this package; it knows neither of them.
"""
