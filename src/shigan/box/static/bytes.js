// Bytes (Uint8Array) and the ways to write them. Classic scripts, each with one name: no build, no modules,
// so that they can also be laid into a single file.
"use strict";
const bytes = (function () {
  const utf8 = (text) => new TextEncoder().encode(text);

  function concat(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  }

  const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Small letters only, so that nothing can be written in two ways.
  function fromHex(text) {
    if (!/^([0-9a-f]{2})*$/.test(text)) throw new RangeError("not hexadecimal");
    return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  }

  const number = (data) => BigInt("0x0" + hex(data));
  const fromNumber = (value, size) => fromHex(value.toString(16).padStart(2 * size, "0"));

  const base64url = (data) =>
    btoa(String.fromCharCode(...data)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  // getRandomValues is there on plain http as well; crypto.subtle is not.
  const random = (count) => crypto.getRandomValues(new Uint8Array(count));

  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

  return { utf8, concat, hex, fromHex, number, fromNumber, base64url, random, same };
})();
