// The root of a Merkle tree as in RFC 9162, 2.1.1, like shigan.maths.merkle.
"use strict";
const merkle = (function () {
  const { concat } = bytes, { sha256 } = sha2;
  const leafHash = (data) => sha256(concat([0], data));

  // Of leaf hashes. Halving at the largest power of two is the same as pairing level by level.
  function root(leaves) {
    if (!leaves.length) return sha256(new Uint8Array());
    let row = leaves;
    while (row.length > 1) {
      const next = [];
      for (let i = 0; i + 1 < row.length; i += 2) next.push(sha256(concat([1], row[i], row[i + 1])));
      if (row.length % 2) next.push(row[row.length - 1]);
      row = next;
    }
    return row[0];
  }

  return { leafHash, root };
})();
