"""Measures speed as ratios in one run: ours against a yardstick, on the same machine, by the same client, in turn."""
