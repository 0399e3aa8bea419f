"""Small scripts of the project. They need Python's standard library alone."""
