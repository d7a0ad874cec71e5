// The page around count.js: files in, a list of what holds out. Nothing is sent anywhere or kept.
"use strict";
(function () {
  const COLUMNS = [["voters", "类别", "Class"], ["expected", "应到", "Entitled"], ["present", "实到", "Present"],
    ["handed", "发出", "Handed out"], ["unused", "未用", "Unused"], ["canaries", "试投", "Test ballots"],
    ["tokens", "领取", "Tokens"], ["returned", "收回", "Returned"], ["valid", "有效", "Valid"],
    ["blank", "弃权", "Abstained"], ["void", "作废", "Void"]];
  const BUNDLE = "shigan/box/bundle/1", SIGNATURE = "shigan/box/signature/1";
  const place = (id) => document.getElementById(id);

  function made(name, parent, text = "", kind = "") {
    const element = document.createElement(name);
    element.textContent = text;
    element.className = kind;
    return parent.appendChild(element);
  }

  // A Chinese sentence and the English one beside it.
  function both(parent, [chinese, english], name = "span") {
    const element = made(name, parent, chinese);
    made("span", element, english, "english").lang = "en";
    return element;
  }

  async function read(file) {
    try {
      const value = JSON.parse(await file.text());
      return { file: file.name, value, format: manifests.isObject(value) ? value.format : "" };
    } catch {
      return { file: file.name, value: null, format: "" };
    }
  }

  async function run() {
    const files = await Promise.all(Array.from(place("files").files, read));
    if (!files.length) return;
    for (const id of ["notes", "verdict", "steps", "figures", "signatures"]) place(id).textContent = "";
    say(["正在核算……", "Counting …"], "");
    setTimeout(() => show(files), 30);
  }

  function show(files) {
    const bundles = files.filter((own) => own.format === BUNDLE);
    const others = files.filter((own) => ![BUNDLE, SIGNATURE].includes(own.format));
    for (const { file } of others) both(place("notes"), [`“${file}”不是核验包，也不是签名文件，没有用到。请重新选择。`,
      `“${file}” is neither a bundle nor a signature and was not used. Choose again.`], "p");
    if (bundles.length !== 1) {
      say(["请选择一个核验包（bundle.json），可同时选签名文件。",
        "Choose one bundle (bundle.json), and signature files if there are any."], "bad");
      return;
    }
    const { result, faults } = count.recount(bundles[0].value);
    steps(faults);
    if (result) figures(bundles[0].value.manifest, result);
    if (result) signatures(files.filter((own) => own.format === SIGNATURE), bundles[0].value.manifest, result);
    say(verdict(faults), faults.length ? "bad" : "good");
  }

  function say(sentences, kind) {
    place("verdict").textContent = "";
    place("verdict").className = kind;
    both(place("verdict"), sentences);
  }

  function verdict(faults) {
    if (!faults.length) return ["全部成立。", "Everything holds."];
    return [`有 ${faults.length} 项不成立：请不要签字，先查明原因。`,
      `${faults.length} checks fail: do not sign before the cause is known.`];
  }

  // After a file that cannot be read nothing else is known.
  function steps(faults) {
    const stop = count.CODES.findIndex((code, i) => i < 2 && faults.includes(code));
    count.CODES.forEach((code, i) => {
      const bad = faults.includes(code), unknown = stop >= 0 && i > stop;
      const line = made("li", place("steps"), "", bad ? "bad" : unknown ? "unknown" : "good");
      both(line, bad ? ["✗ 不成立", "fails"] : unknown ? ["– 未查", "not checked"] : ["✓ 成立", "holds"]).className = "mark";
      both(line, words[code]);
      if (bad) made("code", line, code);
    });
  }

  function figures(manifest, result) {
    const area = place("figures");
    made("h2", area, manifest.title);
    pairs(area, [
      [["评议编号", "Evaluation"], manifest.election],
      [["方案摘要（与墙上公告核对）", "Digest of the manifest (compare with the notice)"], result.manifest],
      ...Object.entries(result.slips).map(([id, root]) =>
        [[`${id} 类票码根值（与公告核对）`, `Root of the slips of class ${id} (compare)`], root]),
      [["票箱根值", "Root of the box"], result.box.root],
      [["票箱内票数（含试投）", "Ballots in the box, test ballots included"], result.box.leaves],
      [["其中纸质票", "Of these on paper, without test ballots"], result.paper],
      [["重新计算的结果摘要", "Digest of the result made anew"], canonical.digest(result)],
    ]);
    const scroll = made("div", area, "", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "各类票数 Counts");
    table(scroll, COLUMNS.map(([, ...said]) => said), result.counts.map((own) => COLUMNS.map(([key]) => own[key])));
  }

  function pairs(parent, rows) {
    const list = made("dl", parent);
    for (const [said, value] of rows) {
      both(list, said, "dt");
      made("dd", list, String(value));
    }
  }

  function table(parent, heads, rows) {
    const whole = made("table", parent), head = made("tr", made("thead", whole)), body = made("tbody", whole);
    for (const said of heads) both(head, said, "th").scope = "col";
    for (const row of rows) {
      const line = made("tr", body);
      for (const cell of row) made("td", line, String(cell));
    }
  }

  function signatures(files, manifest, result) {
    const area = place("signatures"), valid = new Set();
    both(area, ["监票人签名", "Signatures of the scrutineers"], "h2");
    const list = made("ul", area);
    for (const { file, value } of files) {
      const { name, good } = count.signed(value, manifest, result);
      if (good) valid.add(value.key);
      const line = made("li", list, "", good ? "good" : "bad");
      both(line, good ? ["✓ 有效", "valid"] : ["✗ 无效", "not valid"]).className = "mark";
      made("span", line, `${name}（${file}）`);
    }
    both(area, [`方案要求 ${manifest.needed} 人，有效签名 ${valid.size} 人。`,
      `${manifest.needed} are needed, ${valid.size} have signed validly.`], "p");
  }

  place("files").addEventListener("change", run);
})();
