// SHA-256, SHA-384 and SHA-512 (FIPS 180-4) of a Uint8Array.
"use strict";
const sha2 = (function () {
  // 4.2 and 5.3: the constants are the first 64 bits of the fractions of roots of the first primes.
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);

  function fraction(prime, degree) {
    const target = BigInt(prime) << BigInt(64 * degree);
    let root = 0n;
    for (let bit = 1n << 68n; bit; bit >>= 1n) if ((root | bit) ** BigInt(degree) <= target) root |= bit;
    return BigInt.asUintN(64, root);
  }

  const K64 = primes.map((p) => fraction(p, 3));
  const START512 = primes.slice(0, 8).map((p) => fraction(p, 2));
  const START384 = primes.slice(8, 16).map((p) => fraction(p, 2));
  const high = (word) => Number(word >> 32n);
  const K32 = K64.slice(0, 64).map(high);
  const START256 = START512.map(high);

  // 5.1: the message, a 1 bit, zeros, and the length in bits at the end of a block.
  function padded(data, block) {
    const room = data.length + 1 + block / 8;
    const view = new DataView(new ArrayBuffer(Math.ceil(room / block) * block));
    new Uint8Array(view.buffer).set(data);
    view.setUint8(data.length, 0x80);
    view.setBigUint64(view.byteLength - 8, BigInt(data.length) * 8n);
    return view;
  }

  // 6.2.2. The numbers are 32 bits; `| 0` keeps them so.
  function sha256(data) {
    const view = padded(data, 64), hash = Int32Array.from(START256), w = new Int32Array(64);
    const turn = (x, by) => (x >>> by) | (x << (32 - by));
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
      for (let t = 16; t < 64; t++) {
        const x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3))
          + w[t - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let t = 0; t < 64; t++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K32[t] + w[t]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
    }
    const out = new DataView(new ArrayBuffer(32));
    hash.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  }

  // 6.4.2, the same with 64 bits.
  function wide(data, start, size) {
    const view = padded(data, 128), hash = BigUint64Array.from(start), w = new BigUint64Array(80);
    const turn = (x, by) => (x >> by) | (BigInt.asUintN(64, x << (64n - by)));
    for (let at = 0; at < view.byteLength; at += 128) {
      for (let t = 0; t < 16; t++) w[t] = view.getBigUint64(at + 8 * t);
      for (let t = 16; t < 80; t++) {
        const x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n))
          + w[t - 7] + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n));
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let t = 0; t < 80; t++) {
        const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & g)) + K64[t] + w[t];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] =
          [g, f, e, BigInt.asUintN(64, d + one), c, b, a, BigInt.asUintN(64, one + two)];
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
    }
    const out = new DataView(new ArrayBuffer(64));
    hash.forEach((word, i) => out.setBigUint64(8 * i, word));
    return new Uint8Array(out.buffer, 0, size).slice();
  }

  const sha384 = (data) => wide(data, START384, 48);
  const sha512 = (data) => wide(data, START512, 64);
  return { sha256, sha384, sha512 };
})();
