// The page around proof.js: text or files in, a sentence out. Nothing is sent anywhere or kept.
"use strict";
(function () {
  const SAID = {
    unreadable: ["这不是封存点、回执或证明，请粘贴全部文字。", "This is no checkpoint, receipt or proof. Paste all of it."],
    key: ["请填打印件上的公钥（64 位十六进制，或“名称+编号+公钥”一行）。",
      "Type the key as printed: 64 hexadecimal digits, or a line name+id+key."],
    signature: ["签名不对：文字被改过，或不是这把公钥签的。", "The signature is wrong: changed text, or another key."],
    entry: ["签名无误。再粘贴这条记录封存的原文，才能核对证明。",
      "The signature holds. Paste the entry's sealed text as well to verify the proof."],
    path: ["证明与原文不符：这条记录被改过，或不是这一条。", "The proof fails: the entry was changed or is another."],
  };
  const place = (id) => document.getElementById(id);

  function both(parent, [chinese, english], name) {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = chinese;
    const other = element.appendChild(document.createElement("span"));
    other.className = "english";
    other.lang = "en";
    other.textContent = ` ${english}`;
  }

  function good(given) {
    if (given.kind === "checkpoint") return [`成立：签名无误，封存了 ${given.size} 条。`,
      `It holds: signed, ${given.size} entries sealed.`];
    if (given.kind === "receipt") return [`成立：台账在 ${given.recorded} 收下了 ${given.subject} 的第 ${given.seq} 次记录。`,
      `It holds: the ledger took record ${given.seq} about ${given.subject} at ${given.recorded}.`];
    return [`成立：这条记录是封存的 ${given.point.size} 条里的第 ${given.index} 条，没有改过。`,
      `It holds: this is entry ${given.index} of the ${given.point.size} sealed, unchanged.`];
  }

  function run() {
    const { verdict, given } = ledger.check(place("text").value, place("key").value, place("entry").value);
    const area = place("verdict");
    area.textContent = "";
    area.className = verdict === "good" ? "good" : "bad";
    both(area, verdict === "good" ? good(given) : SAID[verdict], "span");
    const point = given && (given.point || given);
    place("root").textContent = point && point.root ? `树根 root ${bytes.hex(point.root)}` : "";
  }

  place("check").addEventListener("click", run);
  place("file").addEventListener("change", async () => {
    const [file] = place("file").files;
    if (file) place("text").value = await file.text();
  });
})();
