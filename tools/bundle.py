"""The offline package: everything that an office without network needs, in one zip under dist/.

    python tools/bundle.py

It fits the processor and the Python minor version of the machine that made it; the file name says which.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".tools/bin/uv"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

INSTALL = """#!/bin/sh
# Installs shigan into a folder (default: ./shigan) from the wheels beside this script. No network is used.
#     sh install.sh [FOLDER]
# PYTHON=/path/to/python{python} names another Python {python} than the first one on the PATH.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${{1:-shigan}}
python=${{PYTHON:-python{python}}}
if ! "$python" -c 'import ensurepip, sys; sys.exit("%d.%d" % sys.version_info[:2] != "{python}")'; then
    echo "This package needs Python {python} with its venv module; set PYTHON=/path/to/python{python}." >&2
    exit 1
fi
if [ "$(uname -m)" != "{machine}" ]; then
    echo "This package was made for {machine}; this machine is $(uname -m)." >&2
    exit 1
fi
"$python" -m venv "$into"
pip="$into/bin/python -m pip install -q --disable-pip-version-check --no-index --no-deps"
$pip --find-links "$here/wheels" --require-hashes -r "$here/runtime.lock"
$pip "$here"/wheels/shigan-*.whl
echo "Installed. Try it: $into/bin/shigan demo"
"""


def main() -> None:
    """Collect the wheels, our own among them, the papers and the install script; zip them."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    name = f"shigan-{version}-linux-{platform.machine()}-py{PYTHON}"
    folder = ROOT / "dist" / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    dependencies(folder)
    run(f"{UV}", "build", "-q", "--wheel", "--no-build-isolation", "--python", sys.executable)
    shutil.move(str(ROOT / "dist" / f"shigan-{version}-py3-none-any.whl"), folder / "wheels")
    papers(folder)
    archive = shutil.make_archive(str(folder), "zip", ROOT / "dist", name)
    shutil.rmtree(folder)
    print(f"{Path(archive).relative_to(ROOT)}: {Path(archive).stat().st_size / 1e6:.0f} MB")


def dependencies(folder: Path) -> None:
    """The wheels that `shigan` needs at run time, in the versions of requirements.lock, with their hashes."""
    lock = str(folder / "runtime.lock")
    form = ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header"]
    pins = ["-c", "requirements.lock", "--python-version", PYTHON]
    run(f"{UV}", "pip", "compile", "-q", *form, *pins, "pyproject.toml", "-o", lock)
    pip = [f"{ROOT}/.tools/bin/python", "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    only = ["--no-deps", "--only-binary", ":all:", "--python-version", PYTHON]
    run(*pip, *only, "--require-hashes", "-r", lock, "-d", str(folder / "wheels"))


def papers(folder: Path) -> None:
    """What to read, and the script that installs."""
    for name in ("README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    script = folder / "install.sh"
    script.write_text(INSTALL.format(python=PYTHON, machine=platform.machine()), encoding="utf-8")
    script.chmod(0o755)


def run(*words: str) -> None:
    """Run a command in the project's folder; its own message is the fault's."""
    if subprocess.run(words, cwd=ROOT, check=False).returncode:
        sys.exit(f"The bundle was not made: `{' '.join(words[:4])} …` failed.")


if __name__ == "__main__":
    main()
