"""THE MACHINE: issues codes and tickets on the island, and works a whole week without network."""
