"""A host whose users have other keys than numbers."""
