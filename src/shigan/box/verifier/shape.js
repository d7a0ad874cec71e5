// Do the parts of a bundle have the shape that docs/box.md describes? Only shapes: `count.js` does the sums.
"use strict";
const shape = (function () {
  const { isNumber, isList, isObject, isHex } = manifests;
  const isCount = (value) => isNumber(value, 0, 1e9);
  const isBytes = (value) => typeof value === "string" && /^([0-9a-f]{2})*$/.test(value);
  const isText = (value) => typeof value === "string";
  const isHash = (value) => isHex(value, 64);
  const isSalt = (value) => isHex(value, 32);
  const ofList = (value, good) => isList(value, 0, 1e6) && value.every(good);
  const ofObject = (value, good) => isObject(value) && Object.values(value).every(good);
  const isTuple = (value, ...goods) =>
    isList(value, goods.length, goods.length) && goods.every((good, i) => good(value[i]));

  const bundle = (own) => slips(own.slips) && (own.canaries === null || canaries(own.canaries))
    && ofList(own.leaves, (leaf) => isTuple(leaf, isHash, isSalt, isText, isText, isText))
    && ofList(own.tokens, (token) => isTuple(token, isHash, isBytes, isBytes))
    && ofList(own.tally, tally) && isObject(own.result) && isObject(own.result.box)
    && own.manifest.classes.every(({ id }) => own.tally.some(({ voters }) => voters === id));

  const slips = (own) => isObject(own) && isText(own.election) && isText(own.manifest)
    && isText(own.commitment) && ofObject(own.canaries, isCount)
    && ofObject(own.classes, (each) => isObject(each) && isCount(each.count) && isText(each.root)
      && ofList(each.hashes, isHash));

  const canaries = (own) => isObject(own) && isBytes(own.salt)
    && ofList(own.slips, (slip) => isTuple(slip, isHash, isText, isText));

  const tally = (own) => isObject(own) && isText(own.voters)
    && [own.present, own.handed, own.unused, own.issued].every(isCount);

  return { bundle };
})();
