// Picking on the map. Without it the drawing and the lists are whole; it only puts one thing in front of the others. What it knows, it
// reads from the page: lines of the lists carry the number of what they name, nodes and lines of the drawing those of what they tie. Of a map
// in several parts it asks for `names.js`, so that the box finds what the other parts list.
(function () {
  "use strict";
  var slot = document.querySelector(".map-now");
  if (!slot) return;
  var each = function (list, act) { Array.prototype.forEach.call(list, act); };
  var entries = {}, known = [];
  each(document.querySelectorAll(".map-entry"), function (section) {
    var title = section.querySelector("h3 a").textContent;
    var entry = { section: section, id: section.id, number: section.getAttribute("data-n"), kind: section.getAttribute("data-kind"), title: title };
    entries[entry.id] = entry;
    known.push(entry);
  });
  var svg = document.querySelector(".map-drawing .dg");
  var sheet = document.querySelector(".map-drawing .sheet");
  var nodes = {}, lines = [];
  if (svg) each(svg.querySelectorAll("[class]"), function (shape) {
    var words = shape.getAttribute("class"), node = /(?:^| )n(\d+)(?: |$)/.exec(words), line = /(?:^| )f(\d+) t(\d+)(?: |$)/.exec(words);
    if (node) {
      var link = shape.parentNode, caption = link.querySelector(".caption");
      nodes[node[1]] = { link: link, caption: caption, words: caption && caption.textContent };
    }
    if (line) lines.push({ shape: shape, from: line[1], to: line[2] });
  });

  var front = svg && svg.querySelector("a");

  // What is said aloud and shown above the drawing while something is picked.
  var bar = document.createElement("div");
  bar.className = "map-bar";
  bar.hidden = true;
  bar.setAttribute("data-by-script", "");
  bar.innerHTML = '<h2 class="vh">What is picked</h2><p role="status"></p><button type="button" class="map-lists">Lists</button><button type="button" class="map-clear">Show all</button>';
  slot.parentNode.insertBefore(bar, slot);
  var status = bar.querySelector("p"), clear = bar.querySelector(".map-clear"), lists = bar.querySelector(".map-lists");

  var numbers = function (entry, rows) {
    var found = {};
    each(entry.section.querySelectorAll(rows + " > li"), function (row) { found[row.getAttribute("data-n")] = true; });
    return found;
  };
  var MARKS = ["is-picked", "is-need", "is-break", "is-part", "is-off"];
  var mark = function (shape, which) {
    MARKS.forEach(function (name) { shape.classList.toggle(name, which.indexOf(name) >= 0); });
  };
  var said = function (entry) {
    var n = function (side) { return entry.section.querySelector(".is-" + side + " h4 .n").textContent.trim(); };
    var breaks = n("breaks"), needs = n("needs"), other = breaks === "1" ? " other breaks." : " others break.";
    return (breaks ? "With " + entry.title + ", " + breaks + other : "Nothing breaks with " + entry.title + (entry.section.querySelector(".map-steps") ? " as a whole; some steps stop." : ".")) + (needs ? " It needs " + needs + "." : "");
  };

  var picked = null, place = null;
  var back = function () {
    if (!picked) return;
    place.parentNode.replaceChild(picked.section, place);
    picked.section.classList.remove("is-now");
    picked = place = null;
  };
  var show = function (entry) {
    back();
    bar.hidden = !entry;
    if (svg) svg.classList.toggle("picking", !!entry);
    if (!entry) {
      status.textContent = "";
      Object.keys(nodes).forEach(function (n) {
        mark(nodes[n].link, []);
        nodes[n].link.removeAttribute("aria-current");
        if (nodes[n].caption) nodes[n].caption.textContent = nodes[n].words;
      });
      lines.forEach(function (line) { mark(line.shape, []); });
      return;
    }
    var needs = numbers(entry, ".is-needs .map-rows"), breaks = numbers(entry, ".is-breaks .map-rows"), parts = numbers(entry, ".map-steps");
    Object.keys(nodes).forEach(function (n) {
      var node = nodes[n], which = [], words = "";
      if (n === entry.number) which.push("is-picked"), words = "picked";
      else {
        if (breaks[n]) which.push("is-break"), words = "breaks";
        if (needs[n]) which.push("is-need"), words = words ? "needed, breaks" : "needed";
        if (!words && parts[n]) which.push("is-part"), words = "some steps";
        if (!words) which.push("is-off");
      }
      mark(node.link, which);
      if (n === entry.number) node.link.setAttribute("aria-current", "true"); else node.link.removeAttribute("aria-current");
      if (node.caption) node.caption.textContent = words || node.words;
    });
    var self = entry.number;
    lines.forEach(function (line) {
      var which = [], within = function (side) { return (line.from === self || side[line.from]) && (line.to === self || side[line.to]); };
      if (within(breaks)) which.push("is-break");
      if (within(needs)) which.push("is-need");
      mark(line.shape, which.length ? which : ["is-off"]);
      // In front of the others.
      if (which.length) svg.insertBefore(line.shape, front);
    });
    place = document.createElement("span");
    place.hidden = true;
    entry.section.parentNode.replaceChild(place, entry.section);
    slot.appendChild(entry.section);
    entry.section.classList.add("is-now");
    picked = entry;
    status.textContent = said(entry);
    if (sheet && nodes[self] && sheet.scrollWidth > sheet.clientWidth) {
      var box = nodes[self].link.getBoundingClientRect(), around = sheet.getBoundingClientRect();
      sheet.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
    }
  };

  // The address says what is picked: `#map=` and its id, so that it can be shared. A plain `#` and an id, as links without script have
  // it, picks as well.
  var named = function () {
    var hash;
    try { hash = decodeURIComponent(location.hash.slice(1)); } catch (e) { return null; }
    var id = hash.slice(0, 4) === "map=" ? hash.slice(4) : hash;
    return Object.prototype.hasOwnProperty.call(entries, id) ? entries[id] : null;
  };
  var pick = function (entry) {
    var hash = entry ? "#map=" + encodeURIComponent(entry.id).replace(/%2F/g, "/") : "";
    if (hash === location.hash) return look();
    if (hash) {
      location.hash = hash;
      return;
    }
    try { history.pushState(null, "", location.pathname + location.search); } catch (e) { location.hash = ""; }
    follow();
  };
  // What was clicked in the drawing stays where it is, whatever comes or goes above it; else one looks at the lists.
  var still = null;
  var follow = function () {
    var entry = named(), before = still && still.getBoundingClientRect().top;
    if (entry && entry === picked) return;
    show(entry);
    lists.hidden = !still;
    if (still) window.scrollBy(0, still.getBoundingClientRect().top - before);
    else if (entry) look();
    still = null;
  };
  // Not the bar: it sticks, and is in sight wherever one is.
  var look = function () { slot.parentNode.scrollIntoView(); };
  window.addEventListener("hashchange", follow);

  // Links to what is on this page pick it, wherever they stand.
  document.querySelector("article.map").addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    var href = link.getAttribute("href"), id;
    if (href.charAt(0) !== "#") return;
    try { id = decodeURIComponent(href.slice(1)); } catch (e) { return; }
    if (!Object.prototype.hasOwnProperty.call(entries, id)) return;
    event.preventDefault();
    var inDrawing = svg && svg.contains(link);
    still = inDrawing ? link : null;
    pick(inDrawing && picked === entries[id] ? null : entries[id]);
    if (!inDrawing && picked) picked.section.querySelector("h3 a").focus({ preventScroll: true });
  });
  document.querySelector("article.map").addEventListener("keydown", function (event) {
    if (event.key === "Escape" && picked && !event.defaultPrevented) pick(null);
  });
  lists.addEventListener("click", function () {
    look();
    picked.section.querySelector("h3 a").focus({ preventScroll: true });
  });
  clear.addEventListener("click", function () {
    pick(null);
    box.focus({ preventScroll: true });
  });

  // The box: what begins with the words stands before what holds them.
  var box = document.getElementById("Fw-pick"), list = document.getElementById("Fw-picks"), at = -1, offered = [];
  document.querySelector(".map-pick").hidden = false;
  var plain = function (text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
  var close = function () {
    list.hidden = true;
    list.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
    offered = [];
  };
  var choose = function (entry) {
    close();
    box.value = "";
    if (entry.section) return pick(entry);
    // It stands on another part.
    location.href = entry.part + "#map=" + encodeURIComponent(entry.id).replace(/%2F/g, "/");
  };
  var move = function (to) {
    at = to;
    each(list.children, function (option, n) {
      option.setAttribute("aria-selected", n === at ? "true" : "false");
      if (n === at) option.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) box.setAttribute("aria-activedescendant", "Fw-pick-" + at); else box.removeAttribute("aria-activedescendant");
  };
  var offer = function () {
    var words = plain(box.value.trim());
    close();
    var rank = function (entry) {
      var title = plain(entry.title), id = plain(entry.id);
      if (!words || title.indexOf(words) === 0 || id.indexOf(words) === 0) return 0;
      if (title.indexOf(" " + words) >= 0) return 1;
      return title.indexOf(words) >= 0 || id.indexOf(words) >= 0 ? 2 : 3;
    };
    var ranked = known.map(function (entry, n) { return { entry: entry, rank: rank(entry), n: n }; });
    ranked = ranked.filter(function (one) { return one.rank < 3; }).sort(function (a, b) { return a.rank - b.rank || a.n - b.n; });
    offered = ranked.slice(0, 50).map(function (one) { return one.entry; });
    offered.forEach(function (entry, n) {
      var option = document.createElement("li");
      option.id = "Fw-pick-" + n;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = entry.title;
      var kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = " " + entry.kind;
      option.appendChild(kind);
      // Before the box loses the focus.
      option.addEventListener("mousedown", function (event) { event.preventDefault(); });
      option.addEventListener("click", function () { choose(entry); });
      list.appendChild(option);
    });
    if (!offered.length) {
      var none = document.createElement("li");
      none.className = "quiet";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.setAttribute("aria-selected", "false");
      none.textContent = "Nothing here is called that.";
      list.appendChild(none);
    }
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    if (words && offered.length) move(0);
  };
  // Where the map has several parts, the box knows what all of them list as soon as somebody turns to it.
  var source = document.querySelector(".map-pick").getAttribute("data-names");
  if (source) box.addEventListener("focus", function () {
    if (!source) return;
    var script = document.createElement("script");
    script.src = source;
    source = null;
    var from = script.src;
    window.forewarn = window.forewarn || {};
    window.forewarn.mapNames = function (names) {
      known = names.things.map(function (thing) {
        if (Object.prototype.hasOwnProperty.call(entries, thing[1])) return entries[thing[1]];
        var part = new URL(names.parts[thing[3]], from).href;
        return { title: thing[0], id: thing[1], kind: thing[2], part: location.protocol === "file:" ? part + "index.html" : part };
      });
      if (!list.hidden) offer();
    };
    document.head.appendChild(script);
  });
  box.addEventListener("input", offer);
  box.addEventListener("click", function () { if (list.hidden) offer(); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) offer();
      if (offered.length) move((at + (event.key === "ArrowDown" ? 1 : offered.length - 1 + (at < 0 ? 1 : 0))) % offered.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) choose(offered[at]);
    } else if (event.key === "Escape") {
      if (list.hidden && !box.value) return;
      event.preventDefault();
      box.value = "";
      close();
    }
  });

  // A browser goes on looking for a plain anchor after this, and would leave the lists again.
  var first = named();
  if (first && location.hash.slice(0, 5) !== "#map=") try { history.replaceState(null, "", "#map=" + encodeURIComponent(first.id).replace(/%2F/g, "/")); } catch (e) { /* then it does */ }
  follow();
})();
