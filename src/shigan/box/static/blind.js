// Blind RSA signatures after RFC 9474, the holder's side: the same steps and names as shigan.maths.blind.
//
//   message = prepare(text), {blinded, inverse} = blind(key, message)        holder; only `blinded` is sent
//   signature = finalize(key, message, answer, inverse), verify(key, message, signature)
//
// Texts, messages and signatures are Uint8Arrays, numbers BigInts, key = publicKey(n, e).
"use strict";
const blindRsa = (function () {
  const { concat, number, fromNumber, random, same } = bytes;
  const HASH = 48, LONGEST_MESSAGE = 65536;

  // RFC 9474, 5. The first is the one to use.
  const VARIANTS = {
    "RSABSSA-SHA384-PSS-Randomized": { salt: 48, prefix: 32 },
    "RSABSSA-SHA384-PSSZERO-Randomized": { salt: 0, prefix: 32 },
    "RSABSSA-SHA384-PSS-Deterministic": { salt: 48, prefix: 0 },
    "RSABSSA-SHA384-PSSZERO-Deterministic": { salt: 0, prefix: 0 },
  };
  const USUAL = VARIANTS["RSABSSA-SHA384-PSS-Randomized"];

  // The same keys are refused as in maths/blind/keys.py.
  function publicKey(n, e) {
    const bits = n.toString(2).length;
    if (bits < 2048 || bits > 8192 || n < 0n || !(n & 1n)) throw new RangeError("bad modulus");
    if (!(e & 1n) || e <= 1n << 16n || e >= 1n << 256n) throw new RangeError("bad exponent");
    return { n, e, bits, size: Math.ceil(bits / 8) };
  }

  const prepare = (text, variant = USUAL) => checked(concat(random(variant.prefix), text));

  function blind(key, message, variant = USUAL) {
    const encoded = encode(checked(message), key.bits - 1, random(variant.salt));
    let factor = 0n;
    while (factor === 0n || gcd(factor, key.n) !== 1n) factor = below(key);
    return blindedBy(key, encoded, factor);
  }

  // Steps 3 to 12 of Blind (4.2) with a known factor; apart from `blind` for the published vectors only.
  function blindedBy(key, encoded, factor) {
    const m = number(encoded);
    if (gcd(m, key.n) !== 1n) throw new RangeError("message and modulus have a common factor");
    const blinded = fromNumber((m * power(factor, key.e, key.n)) % key.n, key.size);
    return { blinded, inverse: inverted(factor, key.n) };
  }

  // Finalize (4.4). Throws unless the answer becomes a signature of this very message.
  function finalize(key, message, answer, inverse, variant = USUAL) {
    const signature = fromNumber((number(answer) * inverse) % key.n, key.size);
    const good = answer.length === key.size && verify(key, message, signature, variant);
    if (!good) throw new RangeError("the signer's answer is no signature of this message");
    return signature;
  }

  // RSASSA-PSS-VERIFY (RFC 8017, 8.1.2), as strict as maths/blind/scheme.py; false for what is malformed.
  function verify(key, message, signature, variant = USUAL) {
    const s = number(signature);
    if (signature.length !== key.size || s >= key.n || message.length > LONGEST_MESSAGE) return false;
    const opened = power(s, key.e, key.n), bits = key.bits - 1;
    return !(opened >> BigInt(bits))
      && holds(message, fromNumber(opened, Math.ceil(bits / 8)), bits, variant.salt);
  }

  // EMSA-PSS-ENCODE (RFC 8017, 9.1.1): masked (zeros, 1, salt), digest, 0xbc in so many bits.
  function encode(message, bits, salt) {
    const { size, top } = room(bits), digest = digested(message, salt);
    const block = concat(new Uint8Array(size - salt.length - 1), [1], salt);
    const hidden = masked(block, digest);
    hidden[0] &= top;
    return concat(hidden, digest, [0xbc]);
  }

  // EMSA-PSS-VERIFY (9.1.2).
  function holds(message, encoded, bits, salt) {
    const { size, top } = room(bits), hidden = encoded.slice(0, size), digest = encoded.slice(size, -1);
    if (encoded[encoded.length - 1] !== 0xbc || hidden[0] & ~top) return false;
    const block = masked(hidden, digest), start = size - salt;
    block[0] &= top;
    if (!same(block.slice(0, start), concat(new Uint8Array(start - 1), [1]))) return false;
    return same(digested(message, block.slice(start)), digest);
  }

  function room(bits) {
    const whole = Math.ceil(bits / 8);
    return { size: whole - HASH - 1, top: 0xff >> (8 * whole - bits) };
  }

  const digested = (message, salt) => sha2.sha384(concat(new Uint8Array(8), sha2.sha384(message), salt));

  // Exclusive or with MGF1 (RFC 8017, B.2.1); fewer than 256 rounds for the keys allowed here.
  function masked(block, seed) {
    const mask = concat(...Array.from({ length: Math.ceil(block.length / HASH) },
      (_, round) => sha2.sha384(concat(seed, [0, 0, 0, round]))));
    return block.map((byte, i) => byte ^ mask[i]);
  }

  function power(base, exponent, n) {
    let result = 1n;
    for (const bit of exponent.toString(2)) {
      result = (result * result) % n;
      if (bit === "1") result = (result * base) % n;
    }
    return result;
  }

  function gcd(a, b) {
    while (b) [a, b] = [b, a % b];
    return a;
  }

  // Euclid's extended algorithm, for gcd(value, n) = 1.
  function inverted(value, n) {
    let [a, b, x, y] = [value, n, 1n, 0n];
    while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
    return ((x % n) + n) % n;
  }

  // Uniform below n: what is too large is thrown away and drawn again.
  function below(key) {
    for (;;) {
      const value = number(random(key.size)) & ((1n << BigInt(key.bits)) - 1n);
      if (value < key.n) return value;
    }
  }

  function checked(message) {
    if (message.length > LONGEST_MESSAGE) throw new RangeError("message too long");
    return message;
  }

  return { VARIANTS, publicKey, prepare, blind, blindedBy, finalize, verify, encode };
})();
