"""Make sure that there is a Chromium for the browser tests: Debian's, or a plain word on what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> None:
    """Install where we may; else say what to do."""
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if os.geteuid() or not shutil.which("apt-get"):
        sys.exit("Browser tests need Chromium: as root, `apt-get install chromium`, then run this again.")
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(install, check=True, **quiet)


if __name__ == "__main__":
    main()
