// What may be published of ballots, as box/publication.py: docs/box.md, «What is published».
"use strict";
const publication = (function () {
  // The groups of result.json. `rows` is a Map from class to its valid rows.
  const published = (rows, manifest) => groups(rows, manifest).map((group) => told(group, manifest));

  // The fixed partition, in the order of the manifest; a class goes along with the one that it pooled into.
  function groups(rows, manifest) {
    const ids = manifest.classes.map((each) => each.id), of = (id) => rows.get(id) || [];
    const owner = new Map(ids.map((id) => [id, id]));
    for (const { id, pool } of manifest.classes) {
      const own = ids.filter((other) => owner.get(other) === owner.get(id));
      const valid = own.reduce((sum, other) => sum + of(other).length, 0);
      if (valid < manifest.rule.nothing_below && pool && owner.get(pool) !== owner.get(id)) {
        const taker = owner.get(pool);
        for (const other of own) owner.set(other, taker);
      }
    }
    return [...new Set(ids.map((id) => owner.get(id)))].map((top) => {
      const voters = ids.filter((id) => owner.get(id) === top);
      return { voters, rows: [].concat(...voters.map(of)) };
    });
  }

  function told(group, manifest) {
    const n = group.rows.length, { rule } = manifest, told = { voters: group.voters, valid: n };
    if (n < rule.nothing_below) return { ...told, detail: "nothing", cells: [], alike: null };
    const detail = n < rule.shares_from ? "bands" : "shares", wide = width(n, rule);
    const share = (count) => percent(count, n, wide);
    return { ...told, detail, cells: cells(group, manifest, detail, share), alike: share(alike(group.rows, manifest)) };
  }

  // Best: the first option of a grid's cell; upper: the first two, or who ticked a choice.
  function cells(group, manifest, detail, share) {
    return places(manifest).map(({ part, target, item }, at) => {
      const count = (marks) => group.rows.filter((row) => marks.includes(row[at])).length;
      const grid = part.kind === "grid", best = grid && detail === "shares" ? share(count("1")) : null;
      return { part: part.id, target, item, best, upper: share(count(grid ? "12" : "1")) };
    });
  }

  // Sheets that give every cell of every grid the same mark.
  function alike(rows, manifest) {
    const grid = places(manifest).map((cell, at) => (cell.target ? at : -1)).filter((at) => at >= 0);
    if (grid.length < 2) return 0;
    return rows.filter((row) => grid.every((at) => row[at] === row[grid[0]])).length;
  }

  // One for each character of a row; a choice has no target.
  function places(manifest) {
    return [].concat(...manifest.parts.map((part) => part.kind === "pick"
      ? part.choices.map((item) => ({ part, target: "", item }))
      : [].concat(...part.targets.map((target) => part.items.map((item) => ({ part, target, item }))))));
  }

  // How many counts a bin holds at least.
  function width(n, rule) {
    if (n < rule.shares_from) return Math.max(rule.fewest, Math.ceil((n + 1) / 3));
    const step = n < rule.fine_from ? rule.coarse_step : rule.fine_step;
    return Math.max(rule.fewest, Math.ceil((step * n) / 100));
  }

  // The bin of a count in whole percent of n, its low end rounded down and its high end up.
  function percent(count, n, wide) {
    const bins = Math.max(1, Math.floor((n + 1) / wide)), start = (i) => Math.floor((i * (n + 1)) / bins);
    let bin = 0;
    while (start(bin + 1) <= count) bin++;
    return [Math.floor((100 * start(bin)) / n), Math.ceil((100 * (start(bin + 1) - 1)) / n)];
  }

  return { published, places };
})();
