"""Becomes another program, one that dies with its parent: `python -I -S launch.py PLAN PROGRAM ARGUMENT...`.

Run as a script of its own so that no Python code runs between a fork and an exec of a process with threads.
PLAN is a JSON object: `parent` (pid), `death_signal`, `uid` and `gid` (null: keep), `reach` (paths that
the program opens by name). Only the standard library is imported: it starts in about 20 ms.

The kernel sends the death signal when the *thread* that forked ends, so a launcher starts its children from
the main thread. Elsewhere than on Linux there is no such signal; there the watchdog cleans up.
"""

import ctypes
import json
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAP_SETPCAP = 8


class CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class CapabilitySet(ctypes.Structure):
    """One half (32 bits) of the three sets of a thread."""

    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def prctl(option: int, value: int, extra: int = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(extra), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value}) failed")


def permitted_capabilities() -> int:
    halves = (CapabilitySet * 2)()
    header = CapabilityHeader(CAPABILITY_VERSION_3, 0)
    if ctypes.CDLL(None, use_errno=True).capget(ctypes.byref(header), halves):
        raise OSError(ctypes.get_errno(), "capget failed")
    return int(halves[0].permitted)


def set_capabilities(effective: int, permitted: int, inheritable: int) -> None:
    halves = (CapabilitySet * 2)()
    halves[0] = CapabilitySet(effective, permitted, inheritable)
    header = CapabilityHeader(CAPABILITY_VERSION_3, 0)
    if ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(header), halves):
        raise OSError(ctypes.get_errno(), "capset failed")


def can_reach(paths: list[str]) -> bool:
    try:
        for path in paths:
            os.stat(path)  # noqa: PTH116 - pathlib would double the start time of every child
    except PermissionError:
        return False
    return True


def keep_one_capability() -> None:
    """Lets an unprivileged process pass through folders that only root may enter, such as /root.

    The checkout may lie anywhere, and widening the mode of somebody's folders is worse than this: the one
    capability held is to look through folders (or, where a container withholds that, to override modes).
    """
    permitted = permitted_capabilities()
    wanted = next((c for c in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if permitted & 1 << c), None)
    if wanted is None or not permitted & 1 << CAP_SETPCAP:
        raise PermissionError("root without the capabilities to pass through a closed folder")
    mask = 1 << wanted
    set_capabilities(mask | 1 << CAP_SETPCAP, mask | 1 << CAP_SETPCAP, mask)
    # access(2) asks for the real user's rights and would leave the capability aside; initdb uses it.
    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, wanted)
    set_capabilities(mask, mask, mask)


def become(uid: int, gid: int, reach: list[str]) -> None:
    is_linux = sys.platform == "linux"
    if is_linux:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if is_linux and can_reach(reach):
        set_capabilities(0, 0, 0)
    elif is_linux:
        keep_one_capability()
    if not can_reach(reach):
        raise PermissionError(f"user {uid} cannot reach {' and '.join(reach)}")


def main() -> None:
    plan, program = json.loads(sys.argv[1]), sys.argv[2:]
    try:
        if plan["uid"] is not None:
            become(plan["uid"], plan["gid"], plan["reach"])
        if sys.platform == "linux":
            # After the change of user, which clears it.
            prctl(PR_SET_PDEATHSIG, plan["death_signal"])
    except OSError as error:
        sys.exit(f"Cannot start {program[0]}: {error}")
    if os.getppid() != plan["parent"]:
        sys.exit(f"Not started: the parent of {program[0]} has gone.")
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    try:
        os.execv(program[0], program)  # noqa: S606 - the program is the launcher's own choice, no shell is wanted
    except OSError as error:
        sys.exit(f"Cannot start {program[0]}: {error}")


if __name__ == "__main__":
    main()
