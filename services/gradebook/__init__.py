"""The gradebook as a service: its own database, and answers from tokens alone."""
