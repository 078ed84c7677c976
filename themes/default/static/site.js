// Small comforts of every page: nothing here is needed to read it. A classic script, so that it runs from a folder as well.
(function () {
  "use strict";
  var root = document.documentElement;

  // What a page keeps in this browser. Keys begin with the path of the site's root, so that two handbooks of one host never meet.
  // Where storage is blocked, what is kept lasts until the page is closed.
  var site = new URL("..", document.currentScript.src).pathname;
  window.forewarn = {
    store: function (name) {
      var key = site + "forewarn:" + name, memory = null;
      return {
        key: key,
        lasting: true,
        read: function () {
          var text = memory;
          if (this.lasting) try { text = localStorage.getItem(key); } catch (e) { this.lasting = false; }
          try { return text && JSON.parse(text); } catch (e) { return null; }
        },
        write: function (value) {
          memory = JSON.stringify(value);
          if (this.lasting) try { localStorage.setItem(key, memory); } catch (e) { this.lasting = false; }
        }
      };
    }
  };

  // The search: nothing of it is loaded before it is asked for.
  var theme = document.currentScript.src.replace(/[^/]*$/, ""), asked = false;
  var search = function () {
    if (window.forewarn.search) return window.forewarn.search();
    if (asked) return;
    asked = true;
    var script = document.createElement("script");
    script.src = theme + "search-dialog.js";
    script.onload = function () { window.forewarn.search(); };
    script.onerror = function () { asked = false; };
    document.head.appendChild(script);
  };
  document.querySelectorAll("[data-search]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", search);
  });
  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest && event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!slash && !chord) return;
    event.preventDefault();
    search();
  });

  // From a folder there is no server that finds the index of a directory.
  if (location.protocol === "file:") {
    document.querySelectorAll("a[href]").forEach(function (link) {
      var href = link.getAttribute("href");
      if (/^[a-z][a-z0-9+.-]*:|^#|^\/\//i.test(href)) return;
      var parts = href.split("#");
      if (parts[0].slice(-1) === "/") link.setAttribute("href", parts[0] + "index.html" + (parts.length > 1 ? "#" + parts[1] : ""));
    });
  }

  // The colour scheme: as the system wants it, until a reader chooses.
  var scheme = document.querySelector("button.scheme");
  if (scheme) {
    scheme.hidden = false;
    var dark = function () {
      var chosen = root.getAttribute("data-theme");
      return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    };
    var label = function () { scheme.setAttribute("aria-label", dark() ? "Use light colours" : "Use dark colours"); scheme.title = scheme.getAttribute("aria-label"); };
    label();
    scheme.addEventListener("click", function () {
      var next = dark() ? "light" : "dark";
      root.setAttribute("data-theme", next);
      try { localStorage.setItem("forewarn:theme", next); } catch (e) { /* storage is blocked: the choice lasts as long as the page */ }
      label();
    });
  }

  // Code can be copied.
  var copies = function () {
    if (!navigator.clipboard) return;
    document.querySelectorAll(".code").forEach(function (block) {
      if (block.querySelector(".copy")) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.setAttribute("data-by-script", "");
      button.textContent = "Copy";
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(block.querySelector("code").textContent).then(function () {
          button.textContent = "Copied";
          setTimeout(function () { button.textContent = "Copy"; }, 1500);
        });
      });
      block.appendChild(button);
    });
  };
  copies();

  // What scrolls inside itself can be scrolled with the keyboard.
  var scrollers = function () {
    document.querySelectorAll("div.table").forEach(function (table) {
      if (table.scrollWidth <= table.clientWidth) return;
      table.tabIndex = 0;
      table.setAttribute("role", "group");
      table.setAttribute("aria-label", "Table");
    });
  };
  scrollers();
  window.addEventListener("resize", scrollers);

  // A page that changes while it is open, as under `forewarn serve`, may have new code and new tables.
  window.addEventListener("forewarn:morphed", function () { copies(); scrollers(); });

  // Print: a button, and nothing stays folded on paper.
  var print = document.querySelector("button.print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
  var opened = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open]):not(.contents-fold):not(.gap details)").forEach(function (details) {
      details.open = true;
      opened.push(details);
    });
  });
  window.addEventListener("afterprint", function () {
    opened.splice(0).forEach(function (details) { details.open = false; });
  });

  // A link to something folded away unfolds it.
  var unfold = function () {
    var id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (e) { return; }
    var target = id && document.getElementById(id);
    for (var at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target && target.tagName === "DETAILS") target.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  // The header says which page it is once the title has scrolled away; the contents say where one reads.
  if ("IntersectionObserver" in window) {
    var heading = document.querySelector("h1");
    if (heading) new IntersectionObserver(function (entries) {
      root.classList.toggle("scrolled", !entries[0].isIntersecting && entries[0].boundingClientRect.top < 0);
    }).observe(heading);
    var marks = {}, now = null;
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting || !marks[entry.target.id]) return;
        if (now) now.classList.remove("now");
        now = marks[entry.target.id];
        now.classList.add("now");
      });
    }, { rootMargin: "-10% 0px -75% 0px" });
    var contents = function () {
      marks = {};
      seen.disconnect();
      document.querySelectorAll(".aside .contents-list a").forEach(function (link) {
        var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (!target) return;
        marks[target.id] = link;
        seen.observe(target);
      });
    };
    contents();
    window.addEventListener("forewarn:morphed", contents);
  }
})();
