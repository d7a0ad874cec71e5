// The count made anew from a bundle, as box/counting.py: what does not add up, and the result that follows.
// What must hold: docs/box.md.
"use strict";
const count = (function () {
  const { concat, utf8, fromHex, hex, same } = bytes, { sha256 } = sha2;

  // In the order in which they are reported.
  const CODES = ["format", "manifest", "slip-root", "slip-count", "commitment", "leaf-order", "unknown-ballot",
    "bad-token", "class", "row", "slips-balance", "too-many-slips", "too-many-tokens", "too-many-people",
    "canary-missing", "canary-changed", "box-root", "result"];

  // {result, faults}: the result that the ballots give (null where they cannot be read), and the codes of all
  // that does not hold. The canonical text of the result is the one that Python makes.
  function recount(bundle) {
    if (!goodManifest(bundle)) return { result: null, faults: ["manifest"] };
    if (!shape.bundle(bundle)) return { result: null, faults: ["format"] };
    const evidence = gathered(bundle), result = resultOf(evidence), faults = new Set();
    const check = (code, good) => { if (!good) faults.add(code); };
    checkSlips(evidence, check);
    checkCommitment(evidence, check);
    checkBallots(evidence, check);
    checkSums(evidence, check);
    check("canary-missing", !canaryFaults(evidence).missing);
    check("canary-changed", !canaryFaults(evidence).changed);
    check("box-root", sameJson(result.box, bundle.result.box));
    check("result", sameJson(result, bundle.result));
    return { result, faults: CODES.filter((code) => faults.has(code)) };
  }

  function goodManifest(bundle) {
    try { return !!manifests.read(bundle.manifest); } catch { return false; }
  }

  // The parts of a bundle, and what is looked up again and again.
  function gathered({ manifest, slips, canaries, leaves, tokens, tally }) {
    const cells = publication.places(manifest).length;
    return {
      manifest, slips, canaries, blank: "-".repeat(cells), spoilt: "x".repeat(cells),
      ballots: leaves.map(([n, salt, voters, channel, row]) => ({ n, salt, voters, channel, row })),
      tokens: new Map(tokens.map(([n, message, signature]) => [n, [fromHex(message), fromHex(signature)]])),
      tally: new Map(tally.map((own) => [own.voters, own])),
      slipClass: slipClasses(slips),
      canaryRows: new Map((canaries ? canaries.slips : []).map(([n, , row]) => [n, row])),
    };
  }

  // The class of every slip by its N.
  function slipClasses(slips) {
    const found = new Map();
    for (const [id, { hashes }] of Object.entries(slips.classes))
      for (const stored of hashes) found.set(nullifier(fromHex(stored)), id);
    return found;
  }

  const nullifier = (credential) => hex(sha256(concat(utf8("shigan/null/v1\0"), credential)));
  const ascending = (values) => values.every((value, i) => i === 0 || values[i - 1] < value);

  function checkSlips({ manifest, slips }, check) {
    const every = [].concat(...Object.values(slips.classes).map((own) => own.hashes));
    check("slip-root", slips.election === manifest.election && slips.manifest === canonical.digest(manifest));
    check("slip-root", new Set(every).size === every.length);
    for (const [id, { hashes, root, count }] of Object.entries(slips.classes)) {
      const known = manifest.classes.find((own) => own.id === id);
      check("slip-root", ascending(hashes) && slipRoot(hashes) === root);
      check("slip-count", known && count === hashes.length && count === known.slips);
    }
    const printed = manifest.classes.filter((own) => own.slips).map((own) => own.id);
    check("slip-count", manifests.has(slips.classes, printed.sort().join(" ")));
  }

  const slipRoot = (hashes) => hex(merkle.root(hashes.map((stored) => merkle.leafHash(fromHex(stored)))));

  // As many test ballots of each class as were announced, and those that were committed to.
  function checkCommitment({ slips, canaries, canaryRows, slipClass }, check) {
    const opened = tallied([...canaryRows.keys()].map((n) => slipClass.get(n) || ""));
    const ids = new Set([...Object.keys(slips.canaries), ...opened.keys()]);
    const all = [...ids].every((id) => (slips.canaries[id] || 0) === (opened.get(id) || 0));
    check(canaries ? "commitment" : "canary-missing", all);
    if (!canaries) return;
    check("commitment", canaries.slips.every(([n, voters]) => slipClass.get(n) === voters));
    check("commitment", commitment(canaries) === slips.commitment);
  }

  function commitment({ salt, slips }) {
    const drawn = concat(...slips.map(([n, voters, row]) => concat(fromHex(n), utf8(voters + row))));
    return hex(sha256(concat(utf8("shigan/canaries/v1\0"), fromHex(salt), drawn)));
  }

  function tallied(values) {
    const found = new Map();
    for (const value of values) found.set(value, (found.get(value) || 0) + 1);
    return found;
  }

  function checkBallots(evidence, check) {
    const { manifest, ballots, slipClass, tokens, spoilt } = evidence, keys = keysOf(manifest);
    check("leaf-order", ascending(ballots.map((own) => own.n)));
    for (const { n, voters, channel, row } of ballots) {
      const onSlip = slipClass.has(n);
      check("unknown-ballot", onSlip || tokens.has(n));
      const own = onSlip ? slipClass.get(n) : tokens.has(n) && signedFor(keys, manifest.election, n, ...tokens.get(n));
      if (own === "") check("bad-token", false);
      if (!own) continue;
      const spoiltPaper = channel === "paper" && row === spoilt; // a screen casts none
      check("class", own === voters);
      check("row", ["net", "paper"].includes(channel) && (spoiltPaper || manifests.admits(manifest, row)));
    }
  }

  const keysOf = (manifest) => Object.keys(manifest.keys).sort().map((id) => {
    const { n, e } = manifest.keys[id];
    return { id, key: blindRsa.publicKey(BigInt("0x" + n), BigInt(e)) };
  });

  // The class whose key signed the token under N for this election, or "".
  function signedFor(keys, election, n, message, signature) {
    const meant = same(message.slice(32, -32), utf8(election)) && nullifier(message) === n;
    const own = meant && keys.find(({ key }) => blindRsa.verify(key, message, signature));
    return own ? own.id : "";
  }

  function checkSums({ manifest, slips, tally, ballots, slipClass }, check) {
    const onSlips = tallied(ballots.map((own) => slipClass.get(own.n)));
    const onTokens = tallied(ballots.filter((own) => !slipClass.has(own.n)).map((own) => own.voters));
    for (const { id, expected, slips: printed } of manifest.classes) {
      const { present, handed, unused, issued } = tally.get(id), canaries = slips.canaries[id] || 0;
      check("slips-balance", printed === handed + unused + canaries);
      check("too-many-slips", (onSlips.get(id) || 0) <= handed + canaries);
      check("too-many-tokens", (onTokens.get(id) || 0) <= issued);
      check("too-many-people", present <= expected && handed + issued <= expected);
    }
  }

  function canaryFaults({ ballots, canaryRows }) {
    const cast = new Map(ballots.map((own) => [own.n, own.row])), all = [...canaryRows];
    return {
      missing: all.filter(([n]) => !cast.has(n)).length,
      changed: all.filter(([n, row]) => cast.has(n) && cast.get(n) !== row).length,
    };
  }

  function resultOf(evidence) {
    const { manifest, slips, ballots, canaryRows } = evidence, { missing, changed } = canaryFaults(evidence);
    const real = ballots.filter((own) => !canaryRows.has(own.n));
    return {
      format: "shigan/box/result/1", election: manifest.election, manifest: canonical.digest(manifest),
      slips: Object.fromEntries(Object.entries(slips.classes).map(([id, own]) => [id, own.root])),
      box: { root: boxRoot(ballots), leaves: ballots.length },
      counts: manifest.classes.map((own) => counted(own, evidence, real)),
      paper: real.filter((own) => own.channel === "paper").length,
      canaries: { cast: canaryRows.size, wrong: missing + changed },
      groups: publication.published(validRows(evidence, real), manifest),
    };
  }

  function counted({ id, expected }, { tally, canaryRows, slipClass, blank, spoilt }, real) {
    const { present, handed, unused, issued } = tally.get(id);
    const rows = real.filter((own) => own.voters === id).map((own) => own.row);
    const blanks = rows.filter((row) => row === blank).length, voids = rows.filter((row) => row === spoilt).length;
    return {
      voters: id, expected, present, handed, unused, tokens: issued, returned: rows.length,
      canaries: [...canaryRows.keys()].filter((n) => slipClass.get(n) === id).length,
      valid: rows.length - blanks - voids, blank: blanks, void: voids,
    };
  }

  function validRows({ manifest, blank, spoilt }, real) {
    const counts = (own, id) => own.voters === id && own.row !== blank && own.row !== spoilt;
    return new Map(manifest.classes.map(({ id }) => [id, real.filter((own) => counts(own, id)).map((own) => own.row)]));
  }

  // A leaf is N and H = SHA-256(salt, class, 0, channel, 0, row).
  function boxRoot(ballots) {
    return hex(merkle.root(ballots.map(({ n, salt, voters, channel, row }) => {
      const h = sha256(concat(fromHex(salt), utf8(`${voters}\0${channel}\0${row}`)));
      return merkle.leafHash(concat(fromHex(n), h));
    })));
  }

  // In a list of what an outsider wrote there may be numbers that have no canonical text.
  function sameJson(own, claimed) {
    try { return canonical.text(own) === canonical.text(claimed); } catch { return false; }
  }

  // Whether a signature object is good for this result and one of the scrutineers: {name, good}.
  function signed(signature, manifest, result) {
    const own = manifest.scrutineers.find(({ key }) => key === signature.key);
    const digest = canonical.digest(result);
    const good = !!own && signature.result === digest && manifests.isHex(signature.signature, 128)
      && ed25519.verify(fromHex(own.key), concat(utf8("shigan/box/result/v1\0"), fromHex(digest)),
        fromHex(signature.signature));
    return { name: own ? own.name : String(signature.name), good };
  }

  return { CODES, recount, signed };
})();
