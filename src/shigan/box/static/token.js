// Taking a token (领票) in the main system. It signs a blinded number and never sees what is inside: the message,
// the inverse and the token stay in this page.
//
//   <form data-token data-election="B0001" data-n="…hex…" data-e="65537" data-holder="…" data-result="id"
//         data-offline="…" data-refused="…" data-wrong="…" data-old="…" data-unsaved="…"
//         method="post" action="…"> CSRF field, button, <p data-token-fault role="alert" hidden> </form>
//   <section id="id" hidden tabindex="-1"> <textarea data-token-text readonly>,
//         <button data-token-save data-file="….txt">, <button data-token-print> </section>
//
// `holder` is any text that tells accounts apart. The action answers {"signature": hex}, or with another status
// {"error": sentence}. The other sentences: no answer, refused without a reason, an answer that is no signature,
// a browser without large numbers, and leaving before the token has been saved or printed.
"use strict";
(function () {
  const CSRF = "csrfmiddlewaretoken";
  class Said extends Error {} // with a sentence of the page

  // What was blinded once is sent again until the token is in safe hands: the signer signs no second number.
  function pending(data, key) {
    const place = ["shigan/token", data.election, data.holder || "", data.n.slice(0, 32)].join("/");
    const kept = sessionStorage.getItem(place);
    if (kept) {
      const [message, blinded, inverse] = kept.split(" ").map(bytes.fromHex);
      return { place, message, blinded, inverse: bytes.number(inverse) };
    }
    const text = bytes.concat(bytes.utf8(data.election), bytes.random(32));
    const message = blindRsa.prepare(text);
    const { blinded, inverse } = blindRsa.blind(key, message);
    const secret = bytes.fromNumber(inverse, key.size);
    sessionStorage.setItem(place, [message, blinded, secret].map(bytes.hex).join(" "));
    return { place, message, blinded, inverse };
  }

  // Nothing but the CSRF field and the blinded number leaves the page. Gives the signer's answer.
  async function asked(form, blinded) {
    const body = new URLSearchParams({ blinded: bytes.hex(blinded) });
    if (form.elements[CSRF]) body.set(CSRF, form.elements[CSRF].value);
    let reply;
    try {
      reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch { throw new Said(form.dataset.offline); }
    const said = await reply.json().catch(() => ({}));
    if (!reply.ok || typeof said.signature !== "string") throw new Said(said.error || form.dataset.refused);
    return said.signature;
  }

  async function take(form) {
    const { election, n, e } = form.dataset;
    const key = blindRsa.publicKey(BigInt("0x" + n), BigInt(e));
    const own = pending(form.dataset, key);
    const answer = await asked(form, own.blinded);
    const signature = blindRsa.finalize(key, own.message, bytes.fromHex(answer), own.inverse);
    show(form, [election, bytes.base64url(own.message), bytes.base64url(signature)].join("."), own.place);
  }

  // Until the token has been saved or printed the page warns before it is left, and can be asked again.
  function show(form, token, place) {
    const result = document.getElementById(form.dataset.result);
    const stay = (event) => { event.preventDefault(); event.returnValue = form.dataset.unsaved || ""; };
    const safe = () => {
      window.removeEventListener("beforeunload", stay);
      sessionStorage.removeItem(place);
    };
    result.querySelector("[data-token-text]").value = token;
    result.querySelector("[data-token-save]").addEventListener("click", (event) => {
      save(token, event.currentTarget.dataset.file || "token.txt");
      safe();
    });
    result.querySelector("[data-token-print]").addEventListener("click", () => { window.print(); safe(); });
    window.addEventListener("beforeunload", stay);
    form.hidden = true;
    result.hidden = false;
    result.focus();
  }

  function save(token, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([token + "\n"], { type: "text/plain" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function fault(form, text) {
    const line = form.querySelector("[data-token-fault]");
    line.textContent = text;
    line.hidden = !text;
  }

  const able = typeof BigInt === "function" && typeof fetch === "function" && !!window.crypto;
  for (const form of document.querySelectorAll("form[data-token]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        fault(form, "");
        if (!able) throw new Said(form.dataset.old);
        await take(form);
      } catch (error) {
        fault(form, error instanceof Said ? error.message : form.dataset.wrong);
      }
      button.disabled = false;
    });
  }
})();
