"""Servers for the tests: taken from the environment, else from loopback, else from wheels."""
