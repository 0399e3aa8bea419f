"""Contexts, roles and their migration out of a living monolith: the public names."""
