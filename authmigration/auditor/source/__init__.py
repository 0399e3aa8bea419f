"""Source text, lowered to plain tuples that are small, cheap to cache and quick to interpret."""
