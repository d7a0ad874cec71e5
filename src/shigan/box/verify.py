"""The scrutineers' own check: `shigan box verify`, or `python3 -m shigan.box.verify`, with Python alone.

Exit code 0: everything adds up; 1: something does not; 2: the file cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shigan.box import manifest as manifests
from shigan.box import signatures
from shigan.box.canonical import canonical, digest, parsed
from shigan.box.counting import FAULTS, count
from shigan.box.refusals import Refused

STEPS = (
    ("方案", "manifest", ("format", "manifest")),
    ("票码与备案一致", "slips as sealed", ("slip-root", "slip-count")),
    ("校验票", "canaries", ("commitment", "canary-missing", "canary-changed")),
    ("每张票有来处", "every ballot has a slip or a token",
     ("leaf-order", "unknown-ballot", "bad-token", "class", "row")),
    ("各数对平", "counts reconciled",
     ("slips-balance", "too-many-slips", "too-many-tokens", "too-many-people")),
    ("封箱树根", "sealed root", ("box-root",)),
    ("公布的结果", "published result", ("result",)),
)  # fmt: skip
"""What is shown, in order: words in both languages, and the faults that make the step fail."""


def verify(
    bundle_data: bytes, signed: Sequence[bytes] = (), say: Callable[[str], object] = print
) -> list[str]:
    """Check a bundle and signatures of its result; what is wrong as codes, and said line by line."""
    try:
        bundle = parsed(bundle_data, "bundle")
        result, faults = count(bundle)
    except Refused as refused:
        say(str(refused))
        return ["format"]
    for chinese, english, codes in STEPS:
        own = [code for code in codes if code in faults]
        say(f"{'✗' if own else '✓'} {chinese} / {english}")
        for code in own:
            say(f"    {FAULTS[code][0]} / {FAULTS[code][1]} [{code}]")
    if result is not None:
        _tell(result, say)
        faults += _signed(bundle, result, signed, say)
    return faults


def _tell(result: Mapping[str, Any], say: Callable[[str], object]) -> None:
    for own in result["counts"]:
        say(
            "{voters} 票：应到 {expected} 实到 {present} 发出 {handed}+{tokens} 收回 {returned} "
            "有效 {valid} 弃权 {blank} 作废 {void}".format(**own)
        )
    say(f"票箱树根 / box root {result['box']['root']}")
    say(f"结果摘要 / digest of the result {digest(result)}")


def _signed(
    bundle: Mapping[str, Any], result: Mapping[str, Any], given: Sequence[bytes], say: Callable[[str], object]
) -> list[str]:
    """Tell whose signatures are good; a bad one is a fault, a missing one only said."""
    if not given:
        return []
    manifest = manifests.read(bundle["manifest"])
    good = signatures.signers(dict(result), manifest, (parsed(data, "signature") for data in given))
    for name in good:
        say(f"✓ 签名 / signed: {name}")
    say(f"签名 {len(good)} 个，需要 {manifest.needed} 个 / {len(good)} signatures of {manifest.needed}")
    return [] if len(good) == len(given) else ["signature"]


def main(words: Sequence[str]) -> int:
    """`BUNDLE [SIGNATURE …] [--notice=FILE] [--result=FILE] [--root=HEX]`.

    The notice is what was sealed and hung up before opening; the result, what was published; the root, what
    was printed when the box was sealed: who changes ballots later can still make a fitting bundle.
    """
    files = [Path(word) for word in words if not word.startswith("--")]
    if not files:
        print("用法 / usage: python3 -m shigan.box.verify BUNDLE [SIGNATURE…]")
        print("       [--notice=FILE] [--result=FILE] [--root=HEX]")
        return 2
    try:
        data = files[0].read_bytes()
        faults = verify(data, [each.read_bytes() for each in files[1:]])
        for word in words:
            option, _equals, name = word.partition("=")
            if option == "--notice" and not {"format", "manifest"} & set(faults):
                faults += unlike_notice(parsed(data, "bundle"), Path(name).read_bytes())
            elif option == "--result":
                faults += _published(parsed(data, "bundle"), Path(name))
            elif option == "--root" and "format" not in faults:
                faults += unlike_root(parsed(data, "bundle"), name)
    except (OSError, Refused) as error:
        print(error)
        return 2
    print("全部相符 / everything adds up" if not faults else "有不符之处 / something is wrong")
    return 1 if faults else 0


def unlike_notice(
    bundle: Mapping[str, Any], notice_data: bytes, say: Callable[[str], object] = print
) -> list[str]:
    """Compare a whole bundle with what was sealed before opening.

    A bundle alone cannot show that its list of slips, its plan or its canaries were put in later. Raises
    Refused where the file is no notice.
    """
    notice, slips = parsed(notice_data, "notice"), bundle["slips"]
    found = {
        voters: {"count": own["count"], "root": own["root"], "canaries": slips["canaries"].get(voters, 0)}
        for voters, own in slips["classes"].items()
    }
    faults = [
        code
        for code, sealed, own in (
            ("manifest", notice.get("manifest"), bundle["manifest"]),
            ("slip-root", notice.get("slips"), found),
            ("commitment", notice.get("commitment"), slips["commitment"]),
        )
        if sealed != own
    ]
    say(f"{'✗' if faults else '✓'} 与投票前备案的公告一致 / as in the notice that was sealed before opening")
    for code in faults:
        say(f"    {FAULTS[code][0]} / {FAULTS[code][1]} [{code}]")
    return faults


def unlike_root(bundle: Mapping[str, Any], printed: str, say: Callable[[str], object] = print) -> list[str]:
    """Compare the root that the ballots have with the one on the checkpoint; groups and capitals are read."""
    result, _faults = count(bundle)
    same = result is not None and result["box"]["root"] == "".join(printed.split()).lower()
    say(f"{'✓' if same else '✗'} 与封箱单上的树根一致 / the root that was printed at the seal")
    return [] if same else ["box-root"]


def _published(bundle: Mapping[str, Any], path: Path) -> list[str]:
    same = canonical(bundle.get("result")) == canonical(parsed(path.read_bytes(), "result"))
    print(f"{'✓' if same else '✗'} 已公布的文件 / the published file")
    return [] if same else ["result"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
