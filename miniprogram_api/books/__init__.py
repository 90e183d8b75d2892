"""Records: the append-only ledger and the evidence leaves; never commits."""
