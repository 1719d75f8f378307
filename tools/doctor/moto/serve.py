"""Serves moto on a free port of the loopback, and ends when whoever started it is gone."""

import os
import sys
import threading

from moto.server import main


def end_with_parent() -> None:
    # A parent that was killed can't clean up, but its end of the pipe closes.
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
