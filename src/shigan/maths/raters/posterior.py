from __future__ import annotations
import numpy as np
from shigan.maths.raters.law import GRID, STEP, at, places
LEVELS = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6])
POINTS = np.arange(-5.0, 5.01, 0.25)

def smooth(log):
    out = []
    P = np.exp(log)
    for sd in LEVELS:
        if sd == 0: out.append(P); continue
        k = np.exp(-0.5 * ((GRID[:, None] - GRID[None, :]) / sd) ** 2)
        k /= k.sum(axis=0)
        out.append(P @ k)
    return np.stack(out)   # levels, U, X

def officials(fit, vote=None):
    p, of, d = fit.places, fit.sheets, fit.doubt
    n = len(p.official)
    eta = p.eta
    cell, part = places(eta)
    slope = d.honest * at(fit.table.slope, fit.number, cell, part)
    bend = -d.honest * at(fit.table.bend, fit.number, cell, part)
    left = np.maximum(p.sheet_bend[of.sheet] - bend, p.spread.sheet ** -2)
    s = p.sheet[of.sheet] + slope / left
    # vantage integrated with the prior of the others of the cell
    leftv = np.maximum(p.vantage_bend[p.cell] - bend, p.spread.vantage ** -2)
    v = p.vantage[p.cell] - slope / leftv
    sd = np.sqrt(1 / left + 1 / leftv)
    tables = smooth(fit.table.log)
    lev = np.abs(sd[:, None] - LEVELS).argmin(1)
    U, X = fit.table.log.shape
    flat = tables.ravel()
    base = (lev * U + fit.number) * X
    start = v - s
    kinds = d.kinds[of.sheet]
    plus, minus = d.favour[of.official], d.hostile[of.official]
    wrong = plus * fit.judge.favour[fit.number] + minus * .5 * fit.judge.bottom[fit.number]
    ok = d.kinds[of.sheet][:, 0] + d.kinds[of.sheet][:, 1]
    robust = fit.opt.get('robust_post', False)
    total = np.zeros((n, len(POINTS)))
    for i, c in enumerate(POINTS):
        cl, pt = places(start + c)
        low = flat[base + cl]
        P = low + pt * (flat[base + cl + 1] - low)
        if robust: ll = np.log((1 - plus - minus) * P + wrong) * ok * getattr(fit,'copy',1.0)
        else: ll = np.log(P)
        total[:, i] = np.bincount(of.official, ll, n)
    total -= (POINTS[None] - p.unit[of.unit][:, None]) ** 2 / (2 * p.spread.official ** 2)
    total -= total.max(1, keepdims=True)
    w = np.exp(total); w /= w.sum(1, keepdims=True)
    mean = w @ POINTS
    sd = np.sqrt(w @ POINTS**2 - mean**2)
    return mean, sd, w
