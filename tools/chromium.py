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
    apt("update")
    apt("install", "-y", "--no-install-recommends", "chromium")


def apt(*words: str) -> None:
    """Run apt-get without questions and without talk."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
