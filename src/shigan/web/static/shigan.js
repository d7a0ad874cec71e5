// Small helps; every page works without them. Ctrl-K: search. Ctrl-S: save the form in hand.
"use strict";
document.addEventListener("keydown", function (event) {
  if (!(event.ctrlKey || event.metaKey)) return;
  if (event.key === "k") {
    const search = document.getElementById("search");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key === "s") {
    const form = (document.activeElement && document.activeElement.closest("form[data-save]"))
      || document.querySelector("form[data-save]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  }
});
document.addEventListener("click", function (event) {
  if (event.target.closest("[data-print]")) window.print();
});
