// Shows the evidence of a figure beside it; without this script the links lead to the list of evidence.
(function () {
  var pop = document.getElementById("pop"), from = null;
  function close(back) { pop.hidden = true; if (back && from) { from.focus(); } }
  function open(link, x, y) {
    var entry = document.getElementById(link.getAttribute("href").slice(1));
    if (!entry) { return; }
    pop.innerHTML = "";
    var button = document.createElement("button");
    button.textContent = "×"; button.setAttribute("aria-label", "Close");
    button.addEventListener("click", function () { close(true); });
    pop.appendChild(button);
    add(entry);
    entry.querySelectorAll("a.ref").forEach(function (ref, i) {
      var input = document.getElementById(ref.getAttribute("href").slice(1));
      if (input && i < 6 && input.classList.contains("citation")) { add(input); }
    });
    pop.hidden = false;
    var width = pop.offsetWidth, room = document.documentElement.clientWidth;
    pop.style.left = Math.max(8, Math.min(x - 40, room - width - 12)) + "px";
    pop.style.top = y + 14 + "px";
    button.focus({ preventScroll: true });
  }
  function add(entry) {
    var copy = document.createElement("div");
    copy.innerHTML = entry.innerHTML;
    pop.appendChild(copy);
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.f, a.ref, a.at, svg a");
    if (!link) { if (!pop.contains(event.target)) { close(false); } return; }
    if (event.metaKey || event.ctrlKey) { return; }
    event.preventDefault();
    if (!pop.contains(link)) { from = link; }
    var box = link.getBoundingClientRect();
    open(link, window.scrollX + box.left, window.scrollY + box.bottom);
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { close(true); } });
})();
