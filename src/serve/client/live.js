// Live editing: told to look again, this page fetches itself and becomes what it should be, without losing anyone's place.
// What comes from the handbook is put on the page by the same parser as the page itself, or as text; never as HTML of this script.
(function () {
  "use strict";
  var own = document.currentScript.src;
  var folder = new URL(".", own);
  var meta = function (of) { var found = of.querySelector('meta[name="forewarn-shown"]'); return found ? found.content : ""; };
  var shown = meta(document);
  var still = matchMedia("(prefers-reduced-motion: reduce)");
  var part = function (text, at) { return text.split(".")[at] || ""; };
  var PAGE = 0, STYLES = 1, SCRIPTS = 2, FINDINGS = 3, COPIED = 4;

  // ---- becoming what the server has now ----

  var busy = null, again = false;
  function look() {
    if (busy) { again = true; return busy; }
    busy = fetch(location.pathname + location.search, { cache: "no-store", headers: { accept: "text/html" } })
      .then(function (response) { return response.text(); })
      .then(become)
      .catch(function () { /* the server has gone: the socket says so, and when it is back this page looks again */ })
      .then(function () { busy = null; if (again) { again = false; return look(); } tell(); });
    return busy;
  }

  function become(html) {
    var next = new DOMParser().parseFromString(html, "text/html"), now = meta(next), before = shown;
    if (!now || now === before) return;
    var status = function (text) { return part(text, PAGE).split("-")[0]; };
    if (part(now, SCRIPTS) !== part(before, SCRIPTS) || status(now) !== status(before) || furniture(next) !== furniture(document)) {
      location.reload();
      return;
    }
    shown = now;
    if (part(now, PAGE) !== part(before, PAGE)) morph(next);
    if (part(now, STYLES) !== part(before, STYLES)) restyle(part(now, STYLES));
    if (part(now, COPIED) !== part(before, COPIED)) refresh(part(now, COPIED));
    if (part(now, FINDINGS) !== part(before, FINDINGS) || part(now, PAGE) !== part(before, PAGE)) afterFrame(report);
  }

  // First the page is seen. One that nobody sees has no frames.
  function afterFrame(then) {
    if (document.hidden) then(); else requestAnimationFrame(function () { setTimeout(then); });
  }

  // The scripts and styles that a head asks for: a page of another kind is another page.
  function furniture(of) {
    return Array.prototype.map.call(of.head.querySelectorAll("script[src], link[rel~=stylesheet]:not([data-live-old])"), function (element) {
      return new URL(element.getAttribute("src") || element.getAttribute("href"), location.href).pathname;
    }).join("\n");
  }

  // What a reader or a script has changed since the page came is theirs: unfolded, ticked, typed, filtered, and what scripts show and name.
  function theirs(name, element) {
    if (/^(open|checked|value|data-hidden)$/.test(name)) return true;
    if (name === "hidden") return element.matches("button, input, textarea, form, [data-run]");
    if (name === "aria-describedby") return element.matches(".tick input");
    if (name === "aria-label" || name === "title") return element.matches("button.scheme, div.table");
    return (name === "role" || name === "tabindex") && element.matches("div.table, h1, h2, h3, li, main, section, article");
  }
  var SCRIPTS_CLASSES = ["now", "live", "changed", "asks"];
  function keep(old, next) {
    SCRIPTS_CLASSES.forEach(function (name) { if (old.classList.contains(name)) next.classList.add(name); });
  }

  function morph(next) {
    var focused = document.activeElement, from = focused && "selectionStart" in focused ? safely(function () { return [focused.selectionStart, focused.selectionEnd]; }) : null;
    var anchor = anchored();
    var watched = new MutationObserver(function () {});
    watched.observe(document.body, { childList: true, characterData: true, subtree: true });
    if (document.title !== next.title) document.title = next.title;
    // What scripts have added is nobody's match: it gets a name of its own for as long as this lasts.
    var added = document.querySelectorAll("[data-by-script]:not([id])");
    added.forEach(function (element, at) { element.id = "Live-kept-" + at; });
    ["lang", "dir"].forEach(function (name) {
      var now = next.documentElement.getAttribute(name) || "";
      if ((document.documentElement.getAttribute(name) || "") !== now) document.documentElement.setAttribute(name, now);
    });
    differing(document.body, next.body, []).forEach(function (pair) { mould(pair[0], pair[1]); });
    added.forEach(function (element) { element.removeAttribute("id"); });
    var changes = watched.takeRecords();
    watched.disconnect();
    settle(anchor);
    if (focused && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    if (from && document.activeElement === focused) safely(function () { focused.setSelectionRange(from[0], from[1]); });
    glow(changes);
    window.dispatchEvent(new CustomEvent("forewarn:morphed"));
  }

  // The smallest elements that differ, each with what it should be. An element is looked into where it has the same attributes and the
  // same children by kind and name as before: the browser compares faster than any script, and what is equal is not touched.
  function differing(old, next, found) {
    if (old.isEqualNode(next)) return found;
    var children = old.childNodes, others = next.childNodes, alike = old.nodeType === 1 && old.cloneNode(false).isEqualNode(next.cloneNode(false)) && children.length === others.length;
    for (var at = 0; alike && at < children.length; at += 1) {
      alike = children[at].nodeType === others[at].nodeType && children[at].nodeName === others[at].nodeName && children[at].id === others[at].id;
      if (alike && children[at].nodeType !== 1) alike = children[at].nodeValue === others[at].nodeValue;
    }
    if (!alike) { found.push([old, next]); return found; }
    Array.prototype.slice.call(children).forEach(function (child, at) { if (child.nodeType === 1) differing(child, others[at], found); });
    return found;
  }

  function mould(old, next) {
    Idiomorph.morph(old, next, {
      morphStyle: "outerHTML",
      restoreFocus: true,
      callbacks: {
        beforeNodeRemoved: function (node) { return !(node.nodeType === 1 && node.hasAttribute("data-by-script")); },
        beforeNodeMorphed: function (old, fresh) {
          if (old.nodeType !== 1) return true;
          if (old.hasAttribute("data-by-script") || old.isEqualNode(fresh)) return false;
          if (fresh.nodeType === 1) keep(old, fresh);
          // A heading of a table that sorts holds a button of the script.
          return !(old.matches("th[data-sort]") && fresh.nodeType === 1 && old.textContent === fresh.textContent);
        },
        beforeAttributeUpdated: function (name, element) { return !theirs(name, element); }
      }
    });
  }

  function safely(what) { try { return what(); } catch (e) { return null; } }

  // What stands at the top of the window stays there, whatever has become longer above it. Only what has an id is the same thing after a
  // change as before it.
  function anchored() {
    if (scrollY === 0) return null;
    var best = null;
    document.querySelectorAll("main [id]").forEach(function (element) {
      if (element.hasAttribute("data-by-script") || !element.getClientRects().length) return;
      var top = element.getBoundingClientRect().top;
      if (!best || Math.abs(top) < Math.abs(best.top)) best = { id: element.id, top: top };
    });
    // The browser's own anchoring would be a second one.
    document.documentElement.style.overflowAnchor = "none";
    return { best: best, y: scrollY };
  }
  function settle(anchor) {
    if (!anchor) return;
    var there = anchor.best && document.getElementById(anchor.best.id);
    var to = there ? scrollY + there.getBoundingClientRect().top - anchor.best.top : anchor.y;
    if (Math.abs(to - scrollY) > 0.5) window.scrollTo({ top: to, behavior: "instant" });
    requestAnimationFrame(function () { requestAnimationFrame(function () { document.documentElement.style.overflowAnchor = ""; }); });
  }

  var BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, td, th, dd, dt, pre, blockquote, figure, summary, label, caption";
  function glow(changes) {
    if (still.matches) return;
    var elements = new Set();
    changes.forEach(function (change) {
      var of = change.type === "childList" && change.addedNodes.length ? Array.prototype.slice.call(change.addedNodes) : [change.target];
      of.forEach(function (node) {
        var element = node.nodeType === 1 ? node : node.parentElement;
        var block = element && (element.closest(BLOCKS) || (change.addedNodes.length && node.nodeType === 1 ? element : null));
        if (block && block.isConnected && !block.closest("[data-by-script]")) elements.add(block);
      });
    });
    if (elements.size > 40) return;
    elements.forEach(function (element) {
      element.animate([{ backgroundColor: "rgba(255, 196, 0, 0.45)" }, { backgroundColor: "rgba(255, 196, 0, 0)" }], { duration: 1400, easing: "ease-out" });
    });
  }

  // The new stylesheet first, and the old one goes once the new one is there: the page is never without.
  function restyle(version) {
    document.head.querySelectorAll("link[rel~=stylesheet]:not([data-live-old])").forEach(function (old) {
      var url = new URL(old.href), next = old.cloneNode();
      if (url.origin !== location.origin) return;
      url.search = "?v=" + version;
      next.href = url.href;
      old.setAttribute("data-live-old", "");
      var done = function () { old.remove(); };
      next.addEventListener("load", done);
      next.addEventListener("error", done);
      old.after(next);
    });
  }

  function refresh(version) {
    document.querySelectorAll("img[src]").forEach(function (image) {
      var url = new URL(image.src);
      if (url.origin !== location.origin) return;
      url.search = "?v=" + version;
      image.src = url.href;
    });
  }

  // ---- what the check says ----

  var STYLE = ":host{all:initial}*{box-sizing:border-box}" +
    ".box{font:15px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fffdf8;border:1px solid #b9b2a3;position:fixed;z-index:2147483000;box-shadow:0 6px 32px rgba(0,0,0,.28)}" +
    ".faults{inset:auto 0 0 0;max-height:72vh;overflow:auto;border-width:3px 0 0;border-top-color:#b3261e;padding:1rem max(1rem,calc(50vw - 30rem)) 1.4rem}" +
    ".panel{right:1rem;bottom:1rem;max-width:min(26rem,calc(100vw - 2rem));max-height:60vh;overflow:auto;border-radius:8px}" +
    "h2{font-size:1.05rem;margin:0 0 .5rem;display:flex;gap:1rem;align-items:baseline;justify-content:space-between}" +
    "article{margin:0 0 1.2rem}h3{font-size:1rem;margin:0 0 .2rem;overflow-wrap:anywhere}" +
    "pre{font:13px/1.45 ui-monospace,monospace;overflow-x:auto;background:#f3efe6;padding:.7rem;margin:.4rem 0}p{margin:.2rem 0}" +
    "button,summary{font:inherit;cursor:pointer}button,a{color:#0b4f8a}button{background:none;border:1px solid currentColor;border-radius:4px;padding:.1rem .5rem}" +
    "a{margin-left:.6rem}summary{padding:.5rem .8rem}ul{list-style:none;margin:0;padding:0 .8rem .6rem}li{margin:.3rem 0}li button{border:0;padding:.2rem 0;text-align:left;width:100%}" +
    ".lost{padding:.4rem .8rem}:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}" +
    "@media(prefers-color-scheme:dark){.box{color:#eee8dc;background:#201e1a;border-color:#5b564b}pre{background:#2c2924}button,a{color:#8ec5f4}}" +
    "@media print{.box{display:none}}";
  var host = document.createElement("forewarn-live");
  host.setAttribute("data-by-script", "");
  var root = host.attachShadow({ mode: "open" });
  var sheet = safely(function () { var made = new CSSStyleSheet(); made.replaceSync(STYLE); return made; });
  if (sheet) root.adoptedStyleSheets = [sheet];
  var faults = h("section", { "class": "box faults", role: "alert", hidden: "" });
  var panel = h("details", { "class": "box panel", hidden: "" });
  var lost = h("p", { "class": "box panel lost", role: "status", hidden: "" }, "The preview has ended: this page is as it was.");
  root.append(faults, panel, lost);

  function h(name, attributes) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      if (typeof attributes[key] === "function") element.addEventListener(key, attributes[key]); else element.setAttribute(key, attributes[key]);
    });
    for (var at = 2; at < arguments.length; at += 1) if (arguments[at] !== null && arguments[at] !== undefined) element.append(arguments[at]);
    return element;
  }

  function place(finding) {
    var at = finding.path + ":" + finding.line;
    var button = h("button", { type: "button", title: "Copy the place", click: function () {
      if (!navigator.clipboard) return;
      navigator.clipboard.writeText(at).then(function () { button.textContent = "copied"; setTimeout(function () { button.textContent = at; }, 1200); }, function () {});
    } }, at);
    var row = h("p", {}, button);
    if (editor) row.append(h("a", { href: editor + finding.path + ":" + finding.line + ":" + finding.column }, "open in the editor"));
    return row;
  }

  var dismissed = "", editor = null;
  function report() {
    fetch(new URL("findings?page=" + encodeURIComponent(location.pathname), folder), { cache: "no-store" })
      .then(function (response) { return response.json(); })
      .then(show, function () {});
  }

  function show(said) {
    if (!host.isConnected) document.body.append(host);
    editor = said.editor;
    faults.replaceChildren();
    panel.replaceChildren();
    var here = said.faults.filter(function (fault) { return fault.here; }), elsewhere = said.faults.filter(function (fault) { return !fault.here; });
    var key = JSON.stringify([said.trouble, here]);
    faults.hidden = !(said.trouble || here.length) || key === dismissed;
    if (!(said.trouble || here.length)) dismissed = "";
    if (!faults.hidden) {
      var count = here.length + (said.trouble ? 1 : 0);
      faults.append(h("h2", {}, h("span", {}, count === 1 ? "This must be mended; until then the page stays as it was" : count + " things must be mended; until then the page stays as it was"),
        h("button", { type: "button", click: function () { dismissed = key; faults.hidden = true; } }, "Hide")));
      if (said.trouble) faults.append(h("article", {}, h("h3", {}, "The handbook cannot be compiled"), h("pre", {}, said.trouble)));
      here.forEach(function (fault) {
        faults.append(h("article", {}, h("h3", {}, fault.message), place(fault), h("pre", {}, fault.text), fault.help ? h("p", {}, "Help: " + fault.help) : null));
      });
    }
    var listed = elsewhere.map(function (fault) {
      return h("li", {}, h("p", {}, "fault elsewhere: " + fault.message), place(fault));
    }).concat(said.findings.map(function (finding) {
      return h("li", {}, h("button", { type: "button", click: function () { jump(finding); } }, finding.level + ": " + finding.message + " (line " + finding.line + ")"));
    }));
    panel.hidden = listed.length === 0;
    if (!listed.length) return;
    var words = [];
    if (elsewhere.length) words.push(elsewhere.length + (elsewhere.length === 1 ? " fault elsewhere" : " faults elsewhere"));
    if (said.findings.length) words.push(said.findings.length + (said.findings.length === 1 ? " finding on this page" : " findings on this page"));
    var list = h("ul");
    listed.forEach(function (item) { list.append(item); });
    panel.append(h("summary", {}, words.join(" · ")), list);
  }

  function jump(finding) {
    var target = finding.thing && document.getElementById(finding.thing);
    if (!target) target = document.getElementById("Fw-notes") || document.querySelector("main");
    for (var at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView({ behavior: still.matches ? "instant" : "smooth", block: "start" });
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  }

  // ---- the socket ----

  var socket = null, wait = 200, gone = null;
  function tell() { if (socket && socket.readyState === 1) socket.send(location.pathname + "\n" + shown); }
  function connect() {
    var url = new URL("live", folder);
    url.protocol = "ws:";
    socket = new WebSocket(url);
    socket.addEventListener("open", function () { wait = 200; clearTimeout(gone); gone = null; lost.hidden = true; tell(); });
    socket.addEventListener("message", look);
    socket.addEventListener("close", function () {
      if (!gone) gone = setTimeout(function () { if (!host.isConnected) document.body.append(host); lost.hidden = false; }, 1500);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 4000);
    });
  }
  window.addEventListener("pageshow", function (event) { if (event.persisted) look(); });
  report();
  connect();
})();
