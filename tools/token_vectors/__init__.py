"""The content of tests/vectors/tokens.json."""
