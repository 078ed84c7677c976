// Sorting and filtering of the registers. Without it they are complete lists, what presses most first.
(function () {
  "use strict";
  document.querySelectorAll("[data-filters]").forEach(function (form) {
    form.hidden = false;
    var output = form.querySelector("output");
    var show = function (element, shown) { if (shown) element.removeAttribute("data-hidden"); else element.setAttribute("data-hidden", ""); };
    var apply = function () {
      var wanted = {}, count = 0;
      var rows = Array.prototype.slice.call(document.querySelectorAll("." + form.getAttribute("data-filters")));
      form.querySelectorAll("[data-filter]").forEach(function (select) { if (select.value) wanted[select.getAttribute("data-filter")] = select.value; });
      rows.forEach(function (row) {
        var inner = row.querySelectorAll(".finding[data-rule]");
        if (!inner.length) {
          var fits = Object.keys(wanted).every(function (key) { return row.getAttribute("data-" + key) === wanted[key]; });
          show(row, fits);
          if (fits) count += 1;
          return;
        }
        var own = !wanted.owner || row.getAttribute("data-owner") === wanted.owner, left = 0;
        row.querySelectorAll(".rule-group").forEach(function (group) {
          var some = 0;
          group.querySelectorAll(".finding").forEach(function (finding) {
            var fits = own && (!wanted.rule || finding.getAttribute("data-rule") === wanted.rule);
            show(finding, fits);
            if (fits) some += 1;
          });
          show(group, some > 0);
          left += some;
        });
        show(row, left > 0);
        count += left;
      });
      output.textContent = Object.keys(wanted).length ? count + " shown" : "";
    };
    form.addEventListener("change", apply);
    // A register that changes while it is open, as under `forewarn serve`, has other rows.
    window.addEventListener("forewarn:morphed", apply);
    apply();
  });

  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    var sorted = null;
    function sort() {
      if (!sorted) return;
      var key = sorted.key, numeric = isNumeric(key), body = table.tBodies[0];
      var rows = Array.prototype.slice.call(body.rows);
      rows.sort(function (a, b) {
        var x = a.getAttribute("data-" + key), y = b.getAttribute("data-" + key);
        var order = numeric ? x - y : x.localeCompare(y);
        return sorted.down ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
    }
    function isNumeric(key) { return key === "rank" || key === "severity" || key === "likelihood"; }
    function buttons() {
      table.querySelectorAll("th[data-sort]").forEach(function (head) {
        if (head.querySelector("button")) return;
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.textContent = "";
        head.appendChild(button);
        button.addEventListener("click", function () {
          var key = head.getAttribute("data-sort");
          var before = head.getAttribute("aria-sort");
          sorted = { key: key, down: before ? before === "ascending" : isNumeric(key) };
          table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
          head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
          sort();
        });
      });
    }
    buttons();
    window.addEventListener("forewarn:morphed", function () { buttons(); sort(); });
  });
})();
