// A scanned slip opens this page with its code behind the #: into the field, and out of the address bar.
"use strict";
(function () {
  function fill() {
    const field = document.getElementById("code");
    const code = location.hash.slice(1);
    if (!field || !/^[0-9A-Za-z-]{25,29}$/.test(code)) return;
    field.value = code.toUpperCase();
    history.replaceState(null, "", location.pathname);
  }
  window.addEventListener("hashchange", fill);
  fill();
})();
