"""The whole migration, lived through on the platform's own data, and the platform to click on."""
