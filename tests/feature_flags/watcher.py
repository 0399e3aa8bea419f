"""A process of its own that watches one flag and prints a line whenever the answer changes.

``python -m tests.feature_flags.watcher [fork]``: with ``fork`` it reads once, then watches in two
children, as a server does that loads the application before it makes its workers.
"""

import json
import os
import sys
import time

import django

django.setup()

from feature_flags import Flag, FlagSubject, current_snapshot, evaluate  # noqa: E402 -- set up first

FLAG = Flag("watched", kill_switch="watched_brake")
SAFE = Flag("watched_safe", safe=True)
PAUSE = 0.002


def seen(subject: FlagSubject) -> dict[str, object]:
    snapshot = current_snapshot()
    answer = evaluate(snapshot, FLAG, subject)
    return {
        "on": answer.on,
        "reason": answer.reason,
        "source": snapshot.source,
        "safe": bool(evaluate(snapshot, SAFE, subject)),
    }


def watch() -> None:
    subject, last = FlagSubject("1", lambda: ("school:7",)), None
    while True:
        now = seen(subject)
        if now != last:
            line = {**now, "at": time.time(), "pid": os.getpid()}
            # One write a line: two children share the pipe.
            os.write(1, json.dumps(line).encode() + b"\n")
            last = now
        time.sleep(PAUSE)
        if os.getppid() == 1:
            return


def main() -> None:
    if "fork" not in sys.argv:
        watch()
    else:
        current_snapshot()
        for _ in range(2):
            if os.fork() == 0:
                break
        watch()


if __name__ == "__main__":
    main()
