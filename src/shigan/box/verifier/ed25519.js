// Verifying Ed25519 signatures (RFC 8032, 5.1), as strict as shigan.maths.ed25519.
"use strict";
const ed25519 = (function () {
  const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (a) => ((a % P) + P) % P;

  function power(base, exponent) {
    let result = 1n, square = mod(base);
    for (; exponent; exponent >>= 1n, square = (square * square) % P)
      if (exponent & 1n) result = (result * square) % P;
    return result;
  }
  const inverted = (a) => power(a, P - 2n);
  const little = (data) => bytes.number(data.slice().reverse());

  const D = mod(-121665n * inverted(121666n)), SQRT_MINUS_1 = power(2n, (P - 1n) / 4n);
  const NEUTRAL = { X: 0n, Y: 1n, Z: 1n, T: 0n };
  const BASE = decode(bytes.fromNumber(mod(4n * inverted(5n)), 32).reverse());

  // Did the owner of `key` (32 bytes) sign `message`? S < L, canonical encodings only, no key of small order,
  // R compared byte for byte. Malformed input: false.
  function verify(key, message, signature) {
    if (key.length !== 32 || signature.length !== 64) return false;
    const point = decode(key), s = little(signature.slice(32)), r = signature.slice(0, 32);
    if (!point || s >= L || neutral(times(8n, point))) return false;
    const challenge = little(sha2.sha512(bytes.concat(r, key, message))) % L;
    return bytes.same(encode(add(times(s, BASE), times(challenge, negative(point)))), r);
  }

  // The complete addition law for a = -1 (5.1.4); it doubles as well.
  function add(a, b) {
    const low = (a.Y - a.X) * (b.Y - b.X), high = (a.Y + a.X) * (b.Y + b.X);
    const cross = 2n * D * a.T * b.T, both = 2n * a.Z * b.Z;
    const e = mod(high - low), f = mod(both - cross), g = mod(both + cross), h = mod(high + low);
    return { X: mod(e * f), Y: mod(g * h), Z: mod(f * g), T: mod(e * h) };
  }

  function times(factor, point) {
    let total = NEUTRAL;
    for (const bit of factor.toString(2)) {
      total = add(total, total);
      if (bit === "1") total = add(total, point);
    }
    return total;
  }

  const negative = (a) => ({ X: mod(-a.X), Y: a.Y, Z: a.Z, T: mod(-a.T) });
  const neutral = (a) => a.X === 0n && a.Y === a.Z;

  // y in 255 bits, little-endian, the lowest bit of x on top (5.1.2).
  function encode(point) {
    const inverse = inverted(point.Z), x = mod(point.X * inverse), y = mod(point.Y * inverse);
    return bytes.fromNumber(y | ((x & 1n) << 255n), 32).reverse();
  }

  // The point that 32 bytes stand for, or null (5.1.3).
  function decode(data) {
    const number = little(data), y = number & ((1n << 255n) - 1n), sign = number >> 255n;
    const x = y < P ? rootOf(y) : null;
    if (x === null || (x === 0n && sign)) return null;
    const X = (x & 1n) === sign ? x : P - x;
    return { X, Y: y, Z: 1n, T: mod(X * y) };
  }

  // A root of x² = (y² - 1) / (dy² + 1), or null.
  function rootOf(y) {
    const square = mod((y * y - 1n) * inverted(D * y * y + 1n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x) !== square) x = mod(x * SQRT_MINUS_1);
    return mod(x * x) === square ? x : null;
  }

  return { verify };
})();
