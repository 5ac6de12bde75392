"""A process that ends with the one that started it, even when that is killed."""

import os
import signal
import sys
import threading


def stop_with_parent() -> None:
    """Stop when standard input ends: the kernel closes the other end even when the parent is killed."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
