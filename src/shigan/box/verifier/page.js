// The page around count.js: files in, a list of what holds out. Nothing is sent anywhere or kept.
"use strict";
(function () {
  const COLUMNS = [["voters", "类别", "Class"], ["expected", "应到", "Entitled"], ["present", "实到", "Present"],
    ["handed", "发出", "Handed out"], ["unused", "剩余", "Unused"], ["canaries", "校验票", "Canaries"],
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
    const { manifest } = bundles[0].value;
    steps(faults, result === null);
    if (result) figures(manifest, result);
    const wrong = result ? signatures(files.filter((own) => own.format === SIGNATURE), manifest, result) : 0;
    say(verdict(faults.length, wrong), faults.length || wrong ? "bad" : "good");
  }

  function say(sentences, kind) {
    place("verdict").textContent = "";
    place("verdict").className = kind;
    both(place("verdict"), sentences);
  }

  function verdict(faults, wrong) {
    if (faults) return [`有 ${faults} 项不成立：请不要签字，先查明原因。`,
      `Checks that fail: ${faults}. Do not sign before the cause is known.`];
    if (wrong) return [`核验各项成立，但有 ${wrong} 个签名无效：请让本人重新签名。`,
      `The count holds, but signatures are not valid: ${wrong}. Have them made again by their owners.`];
    return ["全部成立。", "Everything holds."];
  }

  // Of a file that cannot be read nothing else is known.
  function steps(faults, unread) {
    count.CODES.forEach((code) => {
      const bad = faults.includes(code), unknown = unread && !bad;
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
      [["评议方案指纹（与公告核对）", "Fingerprint of the manifest (compare with the notice)"], result.manifest],
      ...Object.entries(result.slips).map(([id, root]) =>
        [[`${id} 票的票码树根（与公告核对）`, `Root of the slips of class ${id} (compare with the notice)`], root]),
      [["票箱树根", "Root of the box"], result.box.root],
      [["票箱内票数（含校验票）", "Ballots in the box, canaries included"], result.box.leaves],
      [["其中纸质票（不含校验票）", "Of these on paper, without canaries"], result.paper],
      [["重新计算的结果指纹", "Fingerprint of the result counted anew"], canonical.digest(result)],
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

  // Gives how many are not valid.
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
      `Needed: ${manifest.needed}; valid signatures of different people: ${valid.size}.`], "p");
    return list.querySelectorAll(".bad").length;
  }

  place("files").addEventListener("change", run);
})();
