// Signed notes, checkpoints, receipts and proofs of inclusion, as strict as shigan.ledger.
"use strict";
const ledger = (function () {
  const HEAD = "c2sp.org/tlog-proof@v1", RECEIPT = "/receipt";

  // Canonical base64 alone, as Python's validate=True; null for anything else.
  function base64(text) {
    if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  }

  const whole = (text) => (/^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : null);

  // The key in 64 hexadecimal digits, or in a line name+id+key; null for anything else.
  function key(text) {
    const typed = text.replace(/\s/g, "");
    if (/^[0-9a-f]{64}$/i.test(typed)) return bytes.fromHex(typed.toLowerCase());
    const raw = base64(typed.split("+").slice(2).join("+"));
    return raw && raw.length === 33 && raw[0] === 1 ? raw.slice(1) : null;
  }

  // Does the note bear a good Ed25519 signature of this key under this name?
  function signed(note, name, own) {
    const cut = note.indexOf("\n\n");
    if (cut < 0) return false;
    const text = bytes.utf8(note.slice(0, cut + 1));
    const id = sha2.sha256(bytes.concat(bytes.utf8(`${name}\n`), [1], own)).slice(0, 4);
    return note.slice(cut + 2).split("\n").some((line) => {
      const at = line.lastIndexOf(" ");
      const raw = line.startsWith("— ") && line.slice(2, at) === name ? base64(line.slice(at + 1)) : null;
      return raw !== null && bytes.same(raw.slice(0, 4), id) && ed25519.verify(own, text, raw.slice(4));
    });
  }

  // {kind, …} of a pasted text, or null.
  function read(given) {
    const text = `${given.replace(/\r\n/g, "\n").trim()}\n`;
    const lines = text.split("\n");
    if (lines[0] === HEAD) return readProof(text);
    if (lines[0].endsWith(RECEIPT)) {
      const [subject, seq] = (lines[1] || "").split(" "), leaf = base64(lines[3] || "");
      const name = lines[0].slice(0, -RECEIPT.length);
      return leaf && leaf.length === 32 && lines[4] === "" ?
        { kind: "receipt", name, subject, seq, recorded: lines[2], leaf, note: text } : null;
    }
    const size = whole(lines[1] || ""), root = base64(lines[2] || "");
    return size !== null && root && root.length === 32 ?
      { kind: "checkpoint", name: lines[0], size, root, note: text } : null;
  }

  function readProof(text) {
    const cut = text.indexOf("\n\n"), lines = text.slice(0, cut).split("\n").slice(1);
    if (lines[0] && lines[0].startsWith("extra ")) lines.shift();
    const index = lines[0] && lines[0].startsWith("index ") ? whole(lines[0].slice(6)) : null;
    const path = lines.slice(1).map(base64), point = cut < 0 ? null : read(text.slice(cut + 2));
    if (index === null || !point || point.kind !== "checkpoint") return null;
    if (path.length > 63 || path.some((hash) => !hash || hash.length !== 32)) return null;
    return { kind: "proof", index, path, point };
  }

  // RFC 9162, 2.1.3.2. Halves instead of shifts: those of JavaScript end at 32 bits.
  function included(leaf, index, size, path, root) {
    if (!(index >= 0 && index < size)) return false;
    const half = (n) => Math.floor(n / 2), node = (a, b) => sha2.sha256(bytes.concat([1], a, b));
    let place = index, last = size - 1, own = leaf;
    for (const sibling of path) {
      if (last === 0) return false;
      if (place % 2 || place === last) {
        own = node(sibling, own);
        while (place && place % 2 === 0) { place = half(place); last = half(last); }
      } else own = node(own, sibling);
      place = half(place);
      last = half(last);
    }
    return last === 0 && bytes.same(own, root);
  }

  // "good", or what is wrong: "unreadable", "key", "signature", "entry" (the original is missing), "path".
  function check(text, typedKey, original) {
    const given = read(text), own = key(typedKey);
    if (!given) return { verdict: "unreadable", given };
    if (!own) return { verdict: "key", given };
    const noted = given.kind === "proof" ? given.point : given;
    if (!signed(noted.note, noted.name, own)) return { verdict: "signature", given };
    if (given.kind !== "proof") return { verdict: "good", given };
    if (!original.trim()) return { verdict: "entry", given };
    const leaf = merkle.leafHash(bytes.utf8(original.trim()));
    const holds = included(leaf, given.index, given.point.size, given.path, given.point.root);
    return { verdict: holds ? "good" : "path", given };
  }

  return { check, read, key, included };
})();
