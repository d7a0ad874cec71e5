"""Prototype of the whole fit."""
from __future__ import annotations
import time
import numpy as np
from shigan.maths.raters.crossed import Places
from shigan.maths.raters.doubt import Doubt, Judge, grid_weights, NOISE
from shigan.maths.raters.law import Law, Table, at, patterns, places, refit


class Fit:
    def __init__(self, sheets, **opt):
        self.opt = opt
        self.sheets = sheets
        self.seen, self.number = patterns(sheets.marks, sheets.grades)
        self.law = Law.start(sheets.marks, sheets.grades)
        self.judge = Judge(sheets, self.seen, self.number)
        self.doubt = Doubt.none(sheets, len(self.seen))
        self.places = Places.start(sheets)
        self.vote = np.ones(sheets.lines)   # bloc and copy weights
        self.tabulate()

    def tabulate(self):
        self.table = Table.of(self.law, self.seen, self.sheets.grades)
        self.loose = Table.of(self.law, self.seen, self.sheets.grades, NOISE)

    def forces(self):
        p = self.places
        cell, part = places(p.eta)
        d = self.doubt
        w0 = d.honest
        slope = w0 * at(self.table.slope, self.number, cell, part)
        bend = -w0 * at(self.table.bend, self.number, cell, part)
        if d.noisy.any():
            w1 = d.noisy
            slope += w1 * at(self.loose.slope, self.number, cell, part)
            bend -= w1 * at(self.loose.bend, self.number, cell, part)
        return slope, bend

    def round(self):
        p = self.places
        p.move_officials(*self.forces())
        p.move_sheets(*self.forces())
        last = self.forces()
        p.move_vantages(*last)
        p.assess(last[1])
        counted = 1 - self.doubt.kinds[:, 2:5].sum(1)
        p.settle(counted)

    def relaw(self):
        p, of = self.places, self.sheets
        sd = np.sqrt(1 / p.sure[0][of.official] + 1 / p.sure[1][of.sheet] + 1 / p.sure[2][p.cell])
        weight = grid_weights(self.number, p.eta, sd, self.doubt.honest, len(self.seen))
        for _ in range(2):
            self.law = refit(self.law, self.seen, of.grades, weight)
        self.tabulate()

    def plain(self, rounds=30):
        for n in range(rounds):
            self.round()
            if n in (3, 7, 12, 18, 25):
                self.relaw()
        return self

    def full(self):
        from shigan.maths.raters.blocs import Finder
        from shigan.maths.raters import copies
        self.finder = Finder(self.sheets, self.number)
        group = copies.groups(self.sheets, self.number)
        self.copied = copies.shares(group) < 1
        self.copy = copies.shares(group)[self.sheets.sheet]
        self.blocs = []
        o = self.opt
        for n in range(o.get("r1", 12)):
            self.step()
            if n in o.get("leap", (3, 9)): self.leap()
            if n == 5: self.relaw()
        for k in range(o.get("blocs", 2)):
            self.add_bloc()
            for n in range(o.get("r2", 6)):
                self.step()
            self.relaw()
        for n in range(o.get("r3", 10)):
            self.step()
        return self

    def weigh(self, learn=True):
        sev = (self.places.sheet - self.places.usual_severity, self.places.spread.sheet)
        self.judge.weigh(self.doubt, self.places.eta, self.table, self.loose, self.copy, self.finder, self.blocs, sev, learn)

    def step(self, settle=True):
        self.weigh()
        p = self.places
        p.move_officials(*self.forces()); p.move_sheets(*self.forces()); last = self.forces(); p.move_vantages(*last)
        if settle:
            p.assess(last[1])
            p.settle(1 - self.doubt.kinds[:, 2:5].sum(1))

    def leap(self):
        """Move officials to the place where their lines are likeliest, however far it is."""
        p, of, d = self.places, self.sheets, self.doubt
        n = len(p.official)
        points = np.arange(-3.5, 3.51, 0.7)
        kinds = d.kinds[of.sheet]
        share = self.copy * (kinds[:, 0] + kinds[:, 1])
        rest = p.eta - p.official[of.official]
        fav, bot = self.judge.favour[self.number], self.judge.bottom[self.number]
        u = (d.favour.mean(), d.hostile.mean())
        combos = [(.02, e) for e in (.02, .15, .35, .55)] + [(e, .02) for e in (.15, .35, .55)]
        def beta(e, m, k=8.0): return (k * m) * np.log(e) + (k * (1 - m)) * np.log(1 - e)
        scores = []
        def ll(where):
            cell, part = places(rest + where)
            plain = np.exp(at(self.table.log, self.number, cell, part))
            down = np.exp(at(self.table.log, self.number, *places(rest + where - 3)))
            return plain, down
        now = p.official
        for c in [None, *points]:
            th = now if c is None else np.full(n, c)
            plain, down = ll(th[of.official])
            row = []
            for plus, minus in combos:
                v = np.log((1 - plus - minus) * plain + plus * fav + minus * .5 * (bot + down)) * share
                row.append(np.bincount(of.official, v, n) + beta(plus, u[0]) + beta(minus, u[1]))
            scores.append(np.array(row) - (th - p.unit[of.unit]) ** 2 / (2 * p.spread.official ** 2))
        scores = np.array(scores)   # C, combos, n
        flat = scores.max(1)        # C, n
        best = flat[1:].argmax(0)
        better = flat[1:].max(0) > flat[0] + 1.0
        which = scores[1:][best, :, np.arange(n)].argmax(1)
        p.official = np.where(better, points[best], now)
        e = np.array(combos)
        d.favour = np.where(better, e[which, 0], d.favour)
        d.hostile = np.where(better, e[which, 1], d.hostile)
        self.leapt = better.sum()

    def residual(self):
        p = self.places
        cell, part = places(p.eta)
        return at(self.table.slope, self.number, cell, part) / np.sqrt(-at(self.table.bend, self.number, cell, part))

    def objective(self):
        """(units,) what is gained, at these places: sheets, blocs and priors."""
        self.weigh(False)
        p, of, d = self.places, self.sheets, self.doubt
        u = self.finder.units
        j = np.bincount(of.home, d.whole, u) + sum([b.cost for b in self.blocs], np.zeros(u))
        j -= np.bincount(of.unit, (p.official - p.unit[of.unit]) ** 2, u) / (2 * p.spread.official**2)
        j -= np.bincount(of.home, (p.sheet - p.usual_severity) ** 2, u) / (2 * p.spread.sheet**2)
        by = np.zeros(p.cells, int); by[p.cell] = of.unit[of.official]
        j -= np.bincount(by, p.vantage**2, u) / (2 * p.spread.vantage**2)
        return j

    def save(self):
        import copy
        return copy.copy(self.places), copy.copy(self.doubt), [copy.copy(b) for b in self.blocs]

    def load(self, s):
        import copy
        self.places, self.doubt, self.blocs = copy.copy(s[0]), copy.copy(s[1]), [copy.copy(b) for b in s[2]]

    def add_bloc(self):
        f, of = self.finder, self.sheets
        before = self.objective()
        base = self.save()
        free = self.doubt.kinds[of.sheet][:, [0, 1, 2, 4]].sum(1) * self.copy   # not uniform, not in another bloc
        starts = f.starts(self.residual() * free, self.opt.get("dirs", 2)) + f.targets(self.places.official, self.residual() * free) + f.severe(self.places.sheet - self.places.usual_severity)
        tries = []
        for start in starts:
            self.load(base)
            d = self.doubt
            sev = (self.places.sheet - self.places.usual_severity, self.places.spread.sheet)
            ev = f.evidence(self.table.log, self.places.eta, np.full(of.lines, .02), np.full(of.lines, .94), free)
            self.blocs.append(f.fresh(start, ev, sev))
            self.blocs[-1].held = np.where(f.local, start, 0)
            for n in range(self.opt.get("adapt", 10)):
                if n == self.opt.get("hold", 4): self.blocs[-1].held = None
                self.step(False)
                if self.opt.get('v'): print(n, self.blocs[-1].members[[3,6,7,8,9,10,11,13,16]].round(1))
            after = self.objective()
            bloc = self.blocs[-1]
            ok = (bloc.members >= 1.7) & (bloc.members <= .5 * f.size)
            if self.opt.get('v'): print('worth',(after-before)[:14].round(1),'\nmem',bloc.members[:14].round(1))
            if self.opt.get('w'): print('start', len(tries), 'sum worth>2', (after - before)[ok & (after-before > 2)].sum().round(0), 'n', (ok & (after-before > 2)).sum())
            tries.append((np.where(ok, after - before, -np.inf), self.save()))
        worth = np.array([t[0] for t in tries])
        best, top = worth.argmax(0), worth.max(0)
        good = top > self.opt.get("thr", 2.0)
        self.log = top
        self.load(base)
        self.blocs.append(f.merge([t[1][2][-1] for t in tries], best, good))
        p = self.places
        p.official, p.sheet = p.official.copy(), p.sheet.copy()
        for i, t in enumerate(tries):
            u = good & (best == i)
            p.official[u[of.unit]] = t[1][0].official[u[of.unit]]
            p.sheet[u[of.home]] = t[1][0].sheet[u[of.home]]

    def robust(self, rounds=30):
        for n in range(rounds):
            self.judge.weigh(self.doubt, self.places.eta, self.table, self.loose)
            self.round()
            if n in (6, 14, 24):
                self.relaw()
        return self
