"""The platform's gradebook app: exercises and grades."""
