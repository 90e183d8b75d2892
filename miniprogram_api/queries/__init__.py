"""Shows: reads for screens; never writes."""
