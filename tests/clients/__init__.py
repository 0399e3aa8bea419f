"""Tests of the client libraries, and what they share."""
