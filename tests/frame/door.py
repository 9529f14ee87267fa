"""`intarsia` for the sessions of pages: a process that has read the libraries once, and forks for each command.

A page has a dozen commands, and a fresh process of each would read the same libraries for most of its time. A command
runs in a process of its own here too: with its words, folder, environment and streams, by the same `main`.

`python door.py SOCKET` waits for commands; `python door.py SOCKET call WORDS..` hands one over and ends as it did.
"""

from __future__ import annotations

import array
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

LARGEST = 1 << 20
STREAMS = 3


def wait(path: str) -> None:
    """Read the libraries, say so, and run commands one after another until a caller asks for nothing.

    No thread may run here: it would not come along to a forked process.
    """
    import deltalake  # noqa: F401
    import duckdb  # noqa: F401
    import pyarrow as pa

    pa.array([0])  # reads what pyarrow reads at its first array
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    print("ready", flush=True)
    while True:
        caller, _ = listener.accept()
        with caller:
            said, streams = _taken(caller)
            if said is None:
                return
            child = os.fork()
            if child == 0:
                _run(said, streams)
            for stream in streams:
                os.close(stream)
            _, status = os.waitpid(child, 0)
            caller.sendall(json.dumps(os.waitstatus_to_exitcode(status)).encode())


def _taken(caller: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """What a caller asks for, and its three streams; None: to end."""
    found, ancillary, _, _ = caller.recvmsg(LARGEST, socket.CMSG_LEN(STREAMS * array.array("i").itemsize))
    streams = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            streams.frombytes(data)
    return (json.loads(found) if found else None), list(streams)


def _run(said: dict[str, Any], streams: list[int]) -> None:
    """The command, in the process that was forked for it; does not come back."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(said["folder"])
    os.environ.clear()
    os.environ.update(said["environment"])
    sys.argv = ["intarsia", *said["words"]]
    status = 1
    try:
        from intarsia.cli import main

        main()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def call(path: str, words: list[str]) -> int:
    """Hand a command over; the status it ended with."""
    asked = {"words": words, "folder": str(Path.cwd()), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
        socket.send_fds(door, [json.dumps(asked).encode()], [0, 1, 2])
        return int(json.loads(door.recv(LARGEST) or b"1"))


def end(path: str) -> None:
    """Let the waiting process end."""
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)


if __name__ == "__main__":
    if sys.argv[2:3] == ["call"]:
        sys.exit(call(sys.argv[1], sys.argv[3:]))
    wait(sys.argv[1])
