"""Ends a child with its parent, also where the parent is killed and can end nobody."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # prctl(2)


def with_parent() -> Callable[[], None] | None:
    """Return what a child runs before its program begins; None where the system has no such thing.

    For ``preexec_fn``, called in the main thread: the signal comes when the thread ends that made
    the child.
    """
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_for_the_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return ask_for_the_signal
