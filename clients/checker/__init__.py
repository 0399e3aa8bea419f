"""Plays issuer and services against any client: docs/reference/client-protocol.md §12."""
