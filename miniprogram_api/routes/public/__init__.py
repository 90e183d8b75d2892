"""What anyone may read: pages, the island's figures, keys, health."""
