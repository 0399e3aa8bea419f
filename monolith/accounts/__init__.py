"""The platform's accounts app: people and how they log in."""
