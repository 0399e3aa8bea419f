"""Commands of the gradebook."""
