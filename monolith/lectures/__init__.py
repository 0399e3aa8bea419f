"""The platform's lectures app: lectures and their discussions."""
