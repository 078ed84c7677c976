// The search: a dialog over the page, made when it is first asked for. Only then the index library and the data are loaded, as classic scripts
// that call a function: a page that was opened from a folder may fetch nothing. What is declared is indexed first, in the order in which one
// looks for it at night: systems and processes, then failure modes, steps, headings; the texts follow. Nothing of the data becomes markup.
(function () {
  "use strict";
  var theme = document.currentScript.src.replace(/[^/]*$/, "");
  var root = new URL("..", theme).href;

  // ---- words ----

  // Scripts without spaces between words are looked at letter by letter.
  var LETTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  var WORD = /[\p{L}\p{N}\p{M}]+/gu;
  var WORD_OR_LETTER = new RegExp(LETTERS.source + "|(?:(?!" + LETTERS.source + ")[\\p{L}\\p{N}\\p{M}])+", "gu");
  var pattern = function (text) { return LETTERS.test(text) ? WORD_OR_LETTER : WORD; };
  var words = function (text) { return text.match(pattern(text)) || []; };
  var plain = function (word) {
    var lower = word.toLowerCase();
    return /^[a-z0-9]*$/.test(lower) ? lower : lower.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss");
  };
  var joined = function (text) { return words(text).map(plain).join(" "); };

  // Whoever is paged does not type a title: "what if the db is down". What is said of any system that fails need not stand on its page.
  var SMALL = "a an and are at be by can do does for from how i if in is it my not of on or our please the to we what when where who why with".split(" ");
  var NIGHT = ("broken crash crashed dead down error errors fail failed failing fails failure frozen gone hanging hangs incident offline outage reachable " +
    "responding slow stuck timeout timeouts unavailable unreachable working works").split(" ");
  var SAME = {
    db: "database", database: "db", k8s: "kubernetes", kubernetes: "k8s", lb: "balancer", pg: "postgres", postgres: "pg",
    rollback: "roll back", failover: "fail over", login: "log in", shutdown: "shut down", cutover: "cut over"
  };

  // ---- what can be found ----

  var KINDS = {
    system: { one: "System", many: "Systems", weight: 2, icon: "fails" },
    process: { one: "Process", many: "Processes", weight: 1.5, icon: "run" },
    step: { one: "Step", many: "Steps", weight: 1, icon: "check" },
    mode: { one: "Failure mode", many: "Failure modes", weight: 1.1, icon: "other" },
    role: { one: "Role", many: "Roles", weight: 1.2, icon: "human" },
    incident: { one: "Incident", many: "Incidents", weight: .8, icon: "gap" },
    premortem: { one: "Pre-mortem", many: "Pre-mortems", weight: .6, icon: "premortem" },
    page: { one: "Page", many: "Pages", weight: .8, icon: "menu" },
    heading: { one: "Section", many: "Sections", weight: .55, icon: "menu" }
  };
  var ORDER = Object.keys(KINDS);
  var records = [], docs = [], pages = [], classes = new Map(), roles = new Map(), firsts = [];
  var index = null, state = "loading", leftOut = false, facts = null, folded = null;

  var keep = function (record) {
    record.n = docs.length;
    records.push(record);
    docs.push(record);
    return record;
  };
  var titleOf = function (at) { return at === null || !pages[at] ? "" : pages[at].title; };

  var readPages = function () {
    facts.classes.forEach(function (known) { classes.set(known[0], { title: known[1], icon: known[2], letter: known[3] }); });
    leftOut = facts.left_out;
    pages = facts.pages.map(function (page, at) {
      if (page.kind === "role") roles.set(at, page.title);
      var kind = KINDS[page.kind] ? page.kind : "page", words = (page.words || []).join(" ");
      return {
        kind: kind, what: page.kind === "list" ? "Register" : KINDS[kind].one, title: page.title, url: page.url, anchor: "", head: null, id: page.id || "",
        about: page.line || "", owner: page.owner, class: page.class, uses: page.uses || 0, things: null,
        also: kind === "process" ? words + " run sheet checklist" : words,
        status: page.status, weight: KINDS[kind].weight * (1 + (page.weight || 0) / 20) * (page.status === "retired" ? .4 : page.status ? .8 : 1)
      };
    });
    // Before anything is typed: the systems that most steps cannot do without.
    firsts = pages.filter(function (record) { return record.kind === "system" && record.uses > 0; })
      .sort(function (a, b) { return b.uses - a.uses; }).slice(0, 6);
    return pages.slice().sort(function (a, b) { return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind); }).map(keep);
  };

  var readThings = function (head, at) {
    head.things = JSON.parse(folded[at] || "[]").map(function (thing) {
      var step = thing[0] === "s" || thing[0] === "d", kind = step ? "step" : thing[0] === "m" ? "mode" : "heading";
      var record = {
        kind: kind, what: KINDS[kind].one, title: thing[2], url: head.url, anchor: "#" + thing[1], head: head, page: head.title,
        owner: head.owner, weight: KINDS[kind].weight * (head.status === "retired" ? .4 : 1)
      };
      if (step) {
        record.what = (thing[0] === "d" ? "Decision " : "Step ") + thing[3];
        record.number = String(thing[3]);
        record.line = [thing[5] ? "automation" : "", titleOf(thing[4]), thing[6].length ? "uses " + thing[6].map(titleOf).join(", ") : ""].filter(Boolean).join(" · ");
      } else if (kind === "mode") {
        record.class = thing[3] || undefined;
        if (thing[4] !== null) record.owner = thing[4];
        record.line = thing[5];
        record.notice = true;
        record.also = [thing[7] || "", titleOf(thing[6]), record.class || ""].join(" ");
      }
      return record;
    });
    return head.things;
  };

  // One after another, each after what the browser has to do meanwhile.
  var inTurn = function (work, done) {
    var next = function (at) {
      if (at >= work.length) return done();
      work[at]().then(function () { next(at + 1); });
    };
    next(0);
  };
  var slices = function (all, size) {
    var list = [];
    for (var at = 0; at < all.length; at += size) list.push(all.slice(at, at + size));
    return list;
  };

  var prepare = function () {
    index = new window.MiniSearch({
      idField: "n",
      fields: ["title", "id", "also", "line", "page", "text"],
      extractField: function (doc, field) { return doc[field] || (field === "n" ? doc.n : undefined); },
      stringifyField: String,
      tokenize: words,
      processTerm: function (word) { return plain(word) || null; }
    });
    var steps = [], headings = [];
    var add = function (list) { return index.addAllAsync(list, { chunkSize: 100 }); };
    var work = slices(readPages(), 100).map(function (slice) {
      return function () {
        return add(slice).then(function () {
          state = "coming";
          found(3);
        });
      };
    });
    work.push(function () {
      state = "part";
      found();
      return Promise.resolve();
    });
    slices(pages, 50).forEach(function (slice, part) {
      work.push(function () {
        var modes = [];
        slice.forEach(function (head, at) {
          readThings(head, part * 50 + at).forEach(function (record) { (record.kind === "mode" ? modes : record.kind === "step" ? steps : headings).push(keep(record)); });
        });
        return add(modes).then(function () { found(3); });
      });
    });
    work.push(function () { return add(steps); }, function () {
      found();
      return add(headings);
    }, function () {
      return add(pages.filter(function (record) { return record.about; }).map(function (record) { return besides(record, "line", record.about); }));
    });
    inTurn(work, function () {
      state = "whole";
      found();
      section(facts.sections);
    });
  };

  // More to find something by than its title, for which nobody waits.
  var besides = function (record, field, text) {
    var doc = { n: docs.length, title: record.title, id: record.id, also: record.also, page: record.page, of: record };
    doc[field] = text;
    docs.push(doc);
    return doc;
  };

  // The texts, those of the section first in which the reader is.
  var section = function (names) {
    var path = decodeURI(location.href.slice(root.length)).split("/")[0].toLowerCase();
    var queue = names.filter(function (name) { return name === path; }).concat(names.filter(function (name) { return name !== path; }));
    var next = function () {
      found();
      if (!queue.length) return dialog.setAttribute("data-indexed", "");
      load(root + "search-text-" + encodeURIComponent(queue.shift()) + ".js", next);
    };
    window.forewarn.searchTexts = function (texts) {
      var added = texts.map(function (entry) {
        var head = pages[entry[0]];
        return besides(entry[1] < 0 ? head : head.things[entry[1]], "text", entry[2]);
      });
      index.addAllAsync(added, { chunkSize: 10 }).then(next);
    };
    next();
  };

  var load = function (src, failed) {
    var script = document.createElement("script");
    script.src = src;
    script.onerror = failed;
    document.head.appendChild(script);
    return script;
  };

  // ---- asking ----

  var ask = function (text) {
    var asked = words(text).map(plain);
    var telling = asked.filter(function (word) { return SMALL.indexOf(word) < 0; });
    if (!telling.length) telling = asked;
    if (!telling.length) return { hits: [], all: true };
    var named = telling.filter(function (word) { return NIGHT.indexOf(word) < 0; });
    var last = asked[asked.length - 1];
    var query = function (word, typos) {
      var size = word.length, same = Object.prototype.hasOwnProperty.call(SAME, word) ? SAME[word].split(" ") : [];
      return {
        queries: [word].concat(same.length ? { queries: same, combineWith: "AND", prefix: false, fuzzy: false } : []), combineWith: "OR",
        prefix: size > 2 || (word === last && (size > 1 || !/[a-z0-9]/.test(word))),
        fuzzy: typos && size > 3 && !/^\d+$/.test(word) ? (size > 5 ? 2 : 1) : false
      };
    };
    var options = {
      weights: { fuzzy: .25, prefix: .6 },
      boost: { title: 4, id: 3, also: 1.5, line: 1, page: .7, text: .25 },
      boostDocument: function (n) { return (docs[n].of || docs[n]).weight; },
      // What only stands on a page with that title is not meant.
      filter: function (result) {
        return Object.keys(result.match).some(function (term) { return result.match[term].some(function (field) { return field !== "page"; }); });
      }
    };
    var run = function (how, typos) {
      var of = function (asked) { return { combineWith: how, queries: asked.map(function (word) { return query(word, typos); }) }; };
      if (!named.length || named.length === telling.length) return index.search(of(telling), options);
      var system = of(named);
      system.boostDocument = function (n) { return (docs[n].of || docs[n]).kind === "system" ? options.boostDocument(n) : 0; };
      return index.search({ combineWith: "OR", queries: [of(telling), system] }, options);
    };
    // As typed first; with slips of the hand where that finds next to nothing (while titles come in, nothing); then places that have some of the words.
    var all = true, results = run("AND", false);
    if (results.length < (state === "coming" ? 1 : 4)) results = run("AND", true);
    if (!results.length && telling.length > 1) {
      all = false;
      results = run("OR", false);
      if (!results.length && state !== "coming") results = run("OR", true);
    }
    var whole = telling.join(" "), subject = named.join(" ");
    var hits = new Map();
    results.forEach(function (result) {
      var doc = docs[result.id], record = doc.of || doc, hit = hits.get(record);
      if (!hit) {
        hit = { record: record, score: 0, terms: new Set(), text: null };
        hits.set(record, hit);
      }
      hit.score = Math.max(hit.score, result.score);
      Object.keys(result.match).forEach(function (term) {
        hit.terms.add(term);
        if (result.match[term].indexOf("text") >= 0) hit.text = doc.text;
      });
    });
    hits.forEach(function (hit) {
      var record = hit.record;
      if (record.name === undefined) {
        record.name = joined(record.title);
        record.idName = joined(record.id || "");
      }
      if (record.name === whole || record.idName === whole) hit.score *= 4;
      else if (record.kind === "system" && (record.name === subject || record.idName === subject)) hit.score *= 4;
      else if (record.name.indexOf(whole) === 0) hit.score *= 1.5;
    });
    return { hits: Array.from(hits.values()).sort(function (a, b) { return b.score - a.score || a.record.n - b.record.n; }), all: all };
  };

  // ---- the dialog ----

  var make = function (tag, name, text) {
    var element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  var icon = function (name) {
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#I-" + name);
    svg.appendChild(use);
    return svg;
  };

  var dialog = make("dialog", "search");
  dialog.setAttribute("data-by-script", "");
  dialog.setAttribute("aria-label", "Search");
  var form = make("form", "search-head");
  form.setAttribute("role", "search");
  var input = make("input", "search-input");
  input.type = "search";
  input.placeholder = "A system, a process, what you see";
  input.setAttribute("aria-label", "Search the handbook");
  input.setAttribute("enterkeyhint", "go");
  ["autocomplete", "autocorrect", "autocapitalize"].forEach(function (name) { input.setAttribute(name, "off"); });
  input.spellcheck = false;
  var close = make("button", "search-close", "Close");
  close.type = "button";
  form.append(icon("search"), input, close);
  var filters = make("div", "search-filters");
  var list = make("div", "search-list");
  list.tabIndex = -1;
  var said = make("p", "vh");
  said.setAttribute("role", "status");
  var foot = make("p", "search-foot");
  [["↑", "↓"], ["Enter"], ["Esc"]].forEach(function (keys, at) {
    var part = make("span", "keys");
    keys.forEach(function (key) { part.appendChild(make("kbd", "", key)); });
    part.append(" " + ["choose", "open", "close"][at]);
    foot.appendChild(part);
  });
  var note = make("span", "search-note");
  foot.appendChild(note);
  dialog.append(form, filters, list, foot, said);

  var chosen = { kind: "", class: "", owner: "" }, shownGroups = 8, opened = new Set(), before = "";
  var FACETS = [
    { key: "kind", label: "Kind", of: function (record) { return record.kind; }, name: function (kind) { return KINDS[kind].many; } },
    { key: "class", label: "Class", of: function (record) { return record.class; }, name: function (id) { return classes.has(id) ? classes.get(id).title : id; } },
    { key: "owner", label: "Owner", of: function (record) { return record.owner; }, name: function (at) { return roles.get(at) || ""; } }
  ];
  var fits = function (record, but) {
    return FACETS.every(function (facet) { return facet.key === but || chosen[facet.key] === "" || facet.of(record) === chosen[facet.key]; });
  };

  // Marks what was found, by the words of the index: text stays text.
  var mark = function (into, text, terms) {
    var at = 0;
    Array.from(text.matchAll(pattern(text))).forEach(function (match) {
      if (!terms || !terms.has(plain(match[0]))) return;
      into.append(text.slice(at, match.index));
      into.appendChild(make("mark", "", match[0]));
      at = match.index + match[0].length;
    });
    into.append(text.slice(at));
    return into;
  };

  var holds = function (text, terms) { return words(text).some(function (word) { return terms.has(plain(word)); }); };

  // A piece of the text around the first word that was found.
  var excerpt = function (text, terms) {
    var match = Array.from(text.matchAll(pattern(text))).find(function (one) { return terms.has(plain(one[0])); });
    var middle = match ? match.index : 0, from = Math.max(0, middle - 50), to = Math.min(text.length, from + 170);
    if (from > 0) from = text.indexOf(" ", from) + 1 || from;
    if (from > middle) from = middle;
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), middle + 20);
    return (from > 0 ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  };

  var address = function (url, anchor) {
    var file = location.protocol === "file:" && (url === "" || url.slice(-1) === "/") ? "index.html" : "";
    return root + url + file + (anchor ? "#" + encodeURIComponent(anchor.slice(1)) : "");
  };

  var badge = function (record) {
    var box = make("span", "hit-icon");
    box.setAttribute("aria-hidden", "true");
    var known = record.kind === "mode" && classes.get(record.class);
    if (known) {
      box.className += " tag class-" + record.class;
      box.append(icon(known.icon), make("b", "", known.letter));
    } else if (record.number) box.append(record.number);
    else box.append(icon(KINDS[record.kind].icon));
    return box;
  };

  var entry = function (hit, inside) {
    var record = hit.record, item = make("li", inside ? "inside" : "");
    var link = make("a", "hit");
    link.href = address(record.url, record.anchor);
    link.appendChild(badge(record));
    var body = make("span", "hit-body");
    body.appendChild(mark(make("span", "hit-title"), record.title, hit.terms));
    var what = make("span", "hit-what", record.what);
    if (record.class && classes.has(record.class)) what.append(" · " + classes.get(record.class).title.toLowerCase());
    if (record.status) what.append(" · " + record.status);
    if (record.kind === "system") what.append(" · what to do if it fails");
    if (record.head && !inside) {
      what.append(" · ");
      mark(what, record.head.title, hit.terms);
    } else if (record.head) what.appendChild(make("span", "vh", " · " + record.head.title));
    body.append(" ", what);
    var line = record.line || record.about, notice = record.notice && line;
    if (hit.text && !(line && (holds(line, hit.terms) || holds(record.title, hit.terms)))) {
      line = excerpt(hit.text, hit.terms);
      notice = false;
    }
    if (line) {
      var shown = make("span", "hit-line");
      if (notice) shown.appendChild(make("span", "hit-notice", "You notice: "));
      body.append(" ", mark(shown, line, hit.terms));
    }
    link.appendChild(body);
    item.appendChild(link);
    if (!inside && (record.kind === "process" || record.kind === "system")) {
      var side = make("a", "hit-side", record.kind === "process" ? "Run sheet" : "Call");
      side.href = record.kind === "process" ? address(record.url + "checklist/") : address(record.url, "#Fw-call");
      side.prepend(icon(record.kind === "process" ? "run" : "call"));
      side.appendChild(make("span", "vh", ": " + record.title));
      item.appendChild(side);
    }
    return item;
  };

  var chips = function (hits) {
    var focused = document.activeElement && document.activeElement.getAttribute("data-chip");
    filters.textContent = "";
    FACETS.forEach(function (facet) {
      var counts = new Map();
      hits.forEach(function (hit) {
        var value = facet.of(hit.record);
        if (value === undefined || value === null || !fits(hit.record, facet.key)) return;
        counts.set(value, (counts.get(value) || 0) + 1);
      });
      if (chosen[facet.key] !== "" && !counts.has(chosen[facet.key])) counts.set(chosen[facet.key], 0);
      if (counts.size < 2 && chosen[facet.key] === "") return;
      var values = Array.from(counts.keys());
      if (facet.key === "kind") values.sort(function (a, b) { return ORDER.indexOf(a) - ORDER.indexOf(b); });
      else values.sort(function (a, b) { return counts.get(b) - counts.get(a) || String(facet.name(a)).localeCompare(facet.name(b)); });
      // The rest comes to the front when the words or another filter leave less.
      values = values.filter(function (value, at) { return at < 12 || value === chosen[facet.key]; });
      var group = make("div", "chips");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", facet.label);
      values.forEach(function (value) {
        var chip = make("button", "chip", facet.name(value) + " ");
        chip.type = "button";
        chip.setAttribute("data-chip", facet.key + " " + value);
        chip.setAttribute("aria-pressed", String(chosen[facet.key] === value));
        if (facet.key === "class" && classes.has(value)) {
          chip.className += " class-" + value;
          chip.prepend(make("b", "", classes.get(value).letter), " ");
        }
        chip.appendChild(make("span", "n", String(counts.get(value))));
        chip.addEventListener("click", function () {
          chosen[facet.key] = chosen[facet.key] === value ? "" : value;
          shownGroups = 8;
          render();
        });
        group.appendChild(chip);
      });
      filters.appendChild(group);
    });
    filters.hidden = !filters.firstChild;
    if (!focused) return;
    var again = Array.from(filters.querySelectorAll("[data-chip]")).find(function (chip) { return chip.getAttribute("data-chip") === focused; });
    (again || input).focus();
  };

  var calm = function (title, text) {
    var box = make("div", "search-calm");
    box.appendChild(make("p", "search-says", title));
    if (text) box.appendChild(make("p", "quiet", text));
    return box;
  };
  var elsewhere = function () {
    var row = make("p", "search-else");
    row.append("Or look through ");
    [["risks/", "all failure modes"], ["gaps/", "all gaps"]].forEach(function (to, at) {
      var link = make("a", "", to[1]);
      link.href = address(to[0]);
      row.append(at ? " and " : "", link);
    });
    return row;
  };

  var render = function () {
    var text = input.value.trim();
    if (text !== before) {
      shownGroups = 8;
      opened.clear();
      list.scrollTop = 0;
    }
    before = text;
    note.textContent = leftOut ? "Titles and declared facts are searched: the texts of this handbook are too long for a browser." : "";
    if (state === "failed") {
      list.replaceChildren(calm("The search could not be loaded.", "Every page is in the menu."), elsewhere());
      said.textContent = "The search could not be loaded.";
      return;
    }
    if (!text) return start();
    if (state === "loading") {
      list.replaceChildren(calm("One moment …"));
      return;
    }
    var answer = ask(text), hits = answer.hits.filter(function (hit) { return fits(hit.record); });
    chips(answer.hits);
    if (!hits.length) return nothing(text, answer.hits.length);
    var groups = new Map();
    hits.forEach(function (hit) {
      var head = hit.record.head || hit.record, group = groups.get(head);
      if (!group) groups.set(head, group = { key: head, hits: [] });
      if (hit.record === head) group.hits.unshift(hit);
      else group.hits.push(hit);
    });
    var found = make("ul", "hits"), all = Array.from(groups.values());
    all.slice(0, shownGroups).forEach(function (group) {
      var room = opened.has(group.key) || group.hits.length <= 4 ? group.hits.length : 3;
      group.hits.slice(0, room).forEach(function (hit, at) { found.appendChild(entry(hit, at > 0)); });
      if (room < group.hits.length) found.appendChild(more(group.hits.length - room + " more on this page", "inside", function () { opened.add(group.key); }));
    });
    if (all.length > shownGroups) found.appendChild(more("More pages (" + (all.length - shownGroups) + ")", "", function () { shownGroups += 12; }));
    list.replaceChildren();
    if (!answer.all) list.appendChild(make("p", "search-hint", "No place has all of these words. These have some of them."));
    list.appendChild(found);
    var first = found.querySelector(".hit");
    if (first) first.classList.add("first");
    said.textContent = hits.length === 1 ? "1 result" : hits.length + " results";
  };

  var more = function (text, name, act) {
    var item = make("li", name), button = make("button", "hit-more", text);
    button.type = "button";
    button.addEventListener("click", function () {
      var place = Array.from(list.querySelectorAll(".hit, .hit-more")).indexOf(button);
      act();
      render();
      var next = list.querySelectorAll(".hit, .hit-more")[place];
      if (next) next.focus();
    });
    item.appendChild(button);
    return item;
  };

  var start = function () {
    filters.hidden = true;
    filters.textContent = "";
    chosen = { kind: "", class: "", owner: "" };
    said.textContent = "";
    list.replaceChildren();
    if (firsts.length) {
      list.appendChild(make("p", "search-hint", "What most steps need, and what to do if it fails"));
      var found = make("ul", "hits");
      firsts.forEach(function (first) { found.appendChild(entry({ record: first, terms: null, text: null }, false)); });
      list.appendChild(found);
    } else if (state !== "loading") list.appendChild(calm("Type what you see, or what it is called."));
    if (state !== "loading") list.appendChild(elsewhere());
  };

  var nothing = function (text, others) {
    var box = calm("Nothing found for “" + text + "”" + (others ? " with these filters" : state === "whole" ? "" : " so far") + ".", others ? "" : "Try fewer words, or what the system is called.");
    if (others) {
      var all = make("button", "act-button", "Show all " + others);
      all.type = "button";
      all.addEventListener("click", function () {
        chosen = { kind: "", class: "", owner: "" };
        render();
        input.focus();
      });
      box.appendChild(all);
    }
    list.replaceChildren(box);
    if (!others) list.appendChild(elsewhere());
    said.textContent = "Nothing found";
  };

  // More has been indexed: what is shown grows, unless the reader has gone into it.
  var found = function (enough) {
    if (enough && input.value.trim() && list.querySelectorAll(".hit").length >= enough) return;
    if (dialog.open && !list.contains(document.activeElement) && (input.value.trim() || !list.firstChild || firsts.length && !list.querySelector(".hit"))) render();
  };

  // ---- hands ----

  var waiting = 0;
  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(render, records.length > 5000 ? 90 : 0);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(waiting);
    render();
    var first = list.querySelector(".hit");
    if (first) first.click();
  });
  close.addEventListener("click", function () { dialog.close(); });
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog) return dialog.close();
    var link = event.target.closest && event.target.closest("a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) dialog.close();
  });
  dialog.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    var stops = Array.from(list.querySelectorAll(".hit, .hit-more")), at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      var down = event.key === "ArrowDown";
      if (at < 0 && document.activeElement !== input) at = stops.indexOf(document.activeElement.parentElement && document.activeElement.parentElement.querySelector(".hit"));
      // The first result is chosen already while one types.
      var to = at < 0 ? (down ? (input.value.trim() ? 1 : 0) : -1) : at + (down ? 1 : -1);
      if (at < 0 && down && to >= stops.length) to = 0;
      event.preventDefault();
      if (to < 0) input.focus();
      else if (stops[to]) stops[to].focus();
    } else if (document.activeElement !== input && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      input.focus();
    }
  });

  var opener = null;
  dialog.addEventListener("close", function () {
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  });
  window.forewarn.search = function () {
    if (dialog.open) return input.focus();
    opener = document.activeElement && document.activeElement !== document.body ? document.activeElement : null;
    dialog.showModal();
    input.focus();
    input.select();
    render();
  };

  document.body.appendChild(dialog);
  var library = false;
  var ready = function () { if (facts && library) prepare(); };
  var failed = function () {
    state = "failed";
    render();
  };
  window.forewarn.searchFacts = function (data, things) {
    facts = data;
    folded = things;
    ready();
  };
  load(theme + "minisearch.js", failed).onload = function () {
    library = true;
    ready();
  };
  load(root + "search.js", failed);
})();
