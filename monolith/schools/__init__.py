"""The platform's schools app: schools and who works there."""
