"""The whole program: modules, names, classes, models and routes."""
