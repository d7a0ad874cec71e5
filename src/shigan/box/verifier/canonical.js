// The one text of a JSON value (docs/box.md, Formats) and its hash. As box/canonical.py, bit for bit: the keys
// of all formats are ASCII, so that sorting them as UTF-16 is sorting them as Unicode.
"use strict";
const canonical = (function () {
  // Throws a RangeError for fractions, which the formats do not admit.
  function text(value) {
    if (Array.isArray(value)) return "[" + value.map(text).join(",") + "]";
    if (value !== null && typeof value === "object") {
      const keys = Object.keys(value).sort();
      return "{" + keys.map((key) => JSON.stringify(key) + ":" + text(value[key])).join(",") + "}";
    }
    if (typeof value === "number" && !Number.isSafeInteger(value)) throw new RangeError("not a whole number");
    return JSON.stringify(value);
  }

  const digest = (value) => bytes.hex(sha2.sha256(bytes.utf8(text(value))));

  return { text, digest };
})();
