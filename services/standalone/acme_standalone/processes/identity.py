"""As whom the database runs: it refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    uid: int
    gid: int


def unprivileged_identity(data: Path) -> Identity | None:
    """Whom to become before touching `data`, None when this process is not root.

    The owner of what is there already (so that root can serve a plain user's data), else the
    folder's owner (sudo in a user's checkout), else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for path in (data, data.parent):
        if path.exists() and (owner := path.stat()).st_uid != 0:
            return Identity(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid)
