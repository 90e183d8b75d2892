"""Does: one public function, one use case, one transaction."""
