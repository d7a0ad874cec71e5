// Reading a manifest as strictly as box/manifest.py. Throws a RangeError that names the place.
"use strict";
const manifests = (function () {
  const FORMAT = "shigan/box/manifest/1", COLOURS = ["red", "blue", "green", "yellow", "purple", "grey"];
  const KEYS = {
    grid: "id items kind options targets title", pick: "choices id kind most title",
    class: "colour expected id name pool slips tokens weight",
    whole: "classes closes comments election format issue_from issue_to keys look_minutes names needed opens "
      + "origin parts preset rule scrutineers session title unit",
  };
  const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

  function need(good, place) {
    if (!good) throw new RangeError("manifest: " + place);
  }

  const isText = (value) => typeof value === "string" && [...value].length <= 200;
  const isFull = (value) => isText(value) && value.trim() !== "";
  const isNumber = (value, low, high) => Number.isSafeInteger(value) && value >= low && value <= high;
  const isList = (value, low, high) => Array.isArray(value) && value.length >= low && value.length <= high;
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isHex = (value, length) => typeof value === "string" && /^[0-9a-f]+$/.test(value) && value.length === length;
  const isTime = (value) => typeof value === "string" && TIME.test(value) && !Number.isNaN(Date.parse(value));
  const isTexts = (value, high, low = 1) =>
    isList(value, low, high) && value.every(isFull) && new Set(value).size === value.length;
  const matches = (value, pattern) => typeof value === "string" && pattern.test(value);
  const has = (value, keys) => isObject(value) && Object.keys(value).sort().join(" ") === keys;

  // Returns the same object once all of it holds.
  function read(plain) {
    need(has(plain, KEYS.whole), "keys");
    need(plain.format === FORMAT, "format");
    need(matches(plain.election, /^[A-Z][A-Z0-9-]{0,19}$/), "election");
    need(isFull(plain.title), "title");
    for (const key of ["unit", "session", "preset", "origin"]) need(isText(plain[key]), key);
    need(typeof plain.comments === "boolean", "comments");
    need(isHex(plain.names, 64), "names");
    need(isList(plain.parts, 1, 20) && plain.parts.every(goodPart), "parts");
    need(distinct(plain.parts.map((part) => part.id)) && publication.places(plain).length <= 2000, "parts");
    need(isList(plain.classes, 1, 6) && plain.classes.every(goodClass), "classes");
    need(goodRule(plain.rule), "rule");
    need(isList(plain.scrutineers, 0, 9) && plain.scrutineers.every(goodScrutineer), "scrutineers");
    need(isNumber(plain.needed, 0, plain.scrutineers.length), "needed");
    checkClasses(plain);
    checkTimes(plain);
    return plain;
  }

  function goodPart(part) {
    if (!isObject(part) || !matches(part.id, /^[a-z]{1,3}$/) || !isFull(part.title)) return false;
    if (part.kind === "pick")
      return has(part, KEYS.pick) && isTexts(part.choices, 500) && isNumber(part.most, 1, part.choices.length);
    return part.kind === "grid" && has(part, KEYS.grid)
      && isTexts(part.targets, 200) && isTexts(part.items, 50) && isTexts(part.options, 9, 2);
  }

  const goodClass = (own) => has(own, KEYS.class) && matches(own.id, /^[A-Z]$/) && isFull(own.name)
    && COLOURS.includes(own.colour) && isNumber(own.weight, 0, 100) && isNumber(own.expected, 0, 100000)
    && isNumber(own.slips, 0, 200000) && typeof own.tokens === "boolean" && isText(own.pool);

  const goodRule = (rule) => isObject(rule)
    && isNumber(rule.nothing_below, 5, 1000) && isNumber(rule.shares_from, rule.nothing_below, 1000)
    && isNumber(rule.fine_from, 5, 10000) && isNumber(rule.coarse_step, 1, 50)
    && isNumber(rule.fine_step, 1, 50) && isNumber(rule.fewest, 3, 1000) && isNumber(rule.comments_from, 5, 1000);

  const goodScrutineer = (own) => isObject(own) && isFull(own.name) && isHex(own.key, 64);

  function checkClasses({ classes, keys }) {
    const ids = classes.map((own) => own.id), remote = classes.filter((own) => own.tokens).map((own) => own.id);
    need(distinct(ids) && classes.reduce((sum, own) => sum + own.weight, 0) === 100, "classes");
    need(classes.every(({ id, pool }) => !pool || (ids.includes(pool) && pool !== id)), "classes.pool");
    need(has(keys, remote.sort().join(" ")), "keys");
    for (const id of remote) need(goodKey(keys[id]), "keys." + id);
  }

  function goodKey(key) {
    if (!isObject(key) || !matches(key.n, /^[0-9a-f]{1,2048}$/) || !isNumber(key.e, 3, 2 ** 32)) return false;
    try { return !!blindRsa.publicKey(BigInt("0x" + key.n), BigInt(key.e)); } catch { return false; }
  }

  function checkTimes({ classes, opens, closes, issue_from: from, issue_to: to, look_minutes: look }) {
    const at = Date.parse;
    need(isTime(opens) && isTime(closes) && at(opens) < at(closes), "closes");
    need(isNumber(look, 0, 1440), "look_minutes");
    if (!classes.some((own) => own.tokens)) return need(from === "" && to === "", "issue_from");
    need(isTime(from) && isTime(to) && at(from) < at(to) && at(to) <= at(opens), "issue_to");
  }

  const distinct = (values) => new Set(values).size === values.length;

  // May these marks stand on a sheet that was cast? (A void one may not.)
  function admits(manifest, row) {
    let at = 0;
    return row.length === publication.places(manifest).length && manifest.parts.every((part) => {
      const from = at;
      at += part.kind === "pick" ? part.choices.length : part.targets.length * part.items.length;
      return lawful(part, row.slice(from, at));
    });
  }

  function lawful(part, marks) {
    const top = part.kind === "pick" ? "1" : String(part.options.length);
    const known = [...marks].every((mark) => mark === "-" || (mark >= "1" && mark <= top));
    return known && (part.kind !== "pick" || marks.split("1").length - 1 <= part.most);
  }

  return { read, admits, isNumber, isList, isObject, isHex, has };
})();
