"""Become a server that dies with its runner: `launch.py SIGNAL RUNNER_PID USER COMMAND...` (USER may be empty).

A small program of its own, because code between fork and exec of a process with threads may hang.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def main(dies_by: int, runner: int, user: str, command: list[str]) -> None:
    if user:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        # After the change of user, which would clear it; exec keeps it (prctl(2)).
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, dies_by)
        if os.getppid() != runner:
            sys.exit("the runner is gone")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
