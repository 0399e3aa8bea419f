#!/usr/bin/env python
"""Runs a management command of the legacy platform: `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monolith.settings")
    execute_from_command_line(sys.argv)
