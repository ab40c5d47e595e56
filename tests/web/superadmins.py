import re
import subprocess
import sys
from secrets import token_hex

from acme_standalone.demo.story import PASSWORD
from tests.web.world import World


def new_superadmin(world: World) -> tuple[str, str]:
    """An address, and a recovery code to sign in with."""
    email = f"admin-{token_hex(4)}@example.com"
    options = ("--email", email, "--name", "Ada Admin", "--password-stdin")
    made = subprocess.run(
        [sys.executable, "-m", "acme_standalone", "createsuperadmin", *options],
        env={**world.settings},
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    codes = re.findall(r"^  (\S{4}(?:-\S{4})+)$", made.stdout, re.MULTILINE)
    return email, codes[0]
