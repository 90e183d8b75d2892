"""THE MACHINE: issues codes and tickets on the island, and works a whole week without network."""

SOFTWARE_VERSION = "0.1.0"
