"""How an act is written on paper and on the wire: codes, signed documents, journal, agreement.

Kiosk, server and browser share these formats (contract sections 1 and 2). tests/vectors holds what all of them must
agree on.
"""
