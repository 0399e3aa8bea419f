#!/bin/sh
# Print a Python that is new enough; $PYTHON wins, then python3, then the newest with a name.
# Kept in sh, because the interpreter that is too old could not read a newer script's syntax.
for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        printf '%s\n' "$name"
        exit 0
    fi
done
found=$(python3 --version 2>&1) || found="no python3"
echo "authmigration: Python 3.11 or newer is needed, and here is $found: install it (apt install python3), or name one: make PYTHON=/path/to/python3.12" >&2
exit 1
