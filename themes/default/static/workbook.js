// The pre-mortem workbook: leads a session on the screen, and keeps what the room says in this browser. Without it the page is a form for a pen.
(function () {
  "use strict";
  var article = document.querySelector("[data-workbook]");
  if (!article || !window.forewarn) return;

  // The shape of what is kept. A newer shape gets a new number, and a way to read this one.
  var VERSION = 1;
  var name = "premortem:" + article.getAttribute("data-workbook");
  var store = window.forewarn.store(name);
  var model, stages, bar, parts;
  var HORIZONS = ["1 month", "3 months", "6 months", "12 months", "24 months"];
  var NOTICES = [["alert", "an alert"], ["check", "a check of the process"], ["human", "a person"], ["customer", "a customer"]];
  var OUTCOMES = [["failure", "new failure mode"], ["merged", "part of a known one"], ["action", "action"], ["rejected", "rejected"]];
  // A reason, a waiver says in so many characters at least; the check asks for it.
  var SENTENCE = 20;
  // Somebody who forgot to stop the clock is not in a session any more.
  var FORGOTTEN = 3 * 60 * 60;

  // ---- what is kept: { version, now: session, before: [sessions that were put away] } ----

  function word(value) { return typeof value === "string" ? value : ""; }
  function list(value) { return Array.isArray(value) ? value : []; }
  function object(value) { return value && typeof value === "object" && !Array.isArray(value) ? value : {}; }
  function number(value) { return typeof value === "number" && isFinite(value) ? value : 0; }
  function words(value, keys) { var copy = {}; keys.forEach(function (key) { copy[key] = word(value[key]); }); return copy; }

  var ITEM = ["id", "text", "class", "step", "system", "into", "outcome", "title", "effect", "detect", "by", "recover", "todo", "owner", "due", "accept", "until", "merged", "because", "severity", "likelihood", "mode", "base"];
  function item(value) {
    var copy = words(object(value), ITEM);
    copy.ratings = {};
    Object.keys(object(object(value).ratings)).forEach(function (person) { copy.ratings[person] = words(object(value.ratings[person]), ["severity", "likelihood"]); });
    return copy;
  }
  function session(value) {
    value = object(value);
    var copy = words(value, ["date", "horizon", "lead", "next"]);
    if (HORIZONS.indexOf(copy.horizon) < 0) copy.horizon = "6 months";
    copy.length = [30, 60, 90].indexOf(value.length) < 0 ? 60 : value.length;
    copy.people = list(value.people).map(function (person) { return words(object(person), ["id", "name", "role"]); });
    copy.stage = Math.min(Math.max(Math.floor(number(value.stage)), 0), stages.length - 1);
    copy.began = number(value.began);
    copy.spent = stages.map(function (_, at) { return Math.max(0, number(list(value.spent)[at])); });
    copy.items = list(value.items).map(item).filter(function (item) { return item.id; });
    copy.gone = list(value.gone).map(function (gone) { return { item: item(object(gone).item), at: number(object(gone).at), members: list(object(gone).members).map(word) }; });
    copy.ticked = object(value.ticked);
    copy.drafts = object(value.drafts);
    copy.votes = object(value.votes);
    copy.turn = number(value.turn);
    copy.shown = value.shown === true;
    copy.serial = number(value.serial);
    return copy;
  }
  function read() {
    var kept = store.read();
    if (kept && kept.version === VERSION) return { version: VERSION, now: session(kept.now), before: list(kept.before).map(session) };
    // Another version of the handbook has written this: it stays where that version finds it again.
    if (kept && typeof kept.version === "number") window.forewarn.store(name + ":" + kept.version).write(kept);
    return { version: VERSION, now: session({}), before: [] };
  }
  function keep(how) {
    var kept = read();
    how(kept.now, kept);
    if (!kept.now.date) kept.now.date = iso(new Date());
    store.write(kept);
    return kept;
  }
  // Changes what is kept and shows it; `note` keeps what is typed, and shows only what hangs on it.
  function change(how) { keep(how); show(); }
  function note(how) { keep(how); glance(); }
  function has(now) { return now.items.length > 0 || now.people.length > 0 || now.spent.some(Boolean) || now.began > 0; }
  function find(now, id) { return now.items.filter(function (item) { return item.id === id; })[0] || item({ id: id }); }

  // ---- days ----

  var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  var LONG = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  function two(number) { return (number < 10 ? "0" : "") + number; }
  function iso(date) { return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()); }
  function parsed(text) {
    var found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    var date = found && new Date(+found[1], found[2] - 1, +found[3]);
    return date && iso(date) === text ? date : null;
  }
  function day(text, names) { var date = parsed(text); return date ? date.getDate() + " " + (names || MONTHS)[date.getMonth()] + " " + date.getFullYear() : ""; }
  // So many months later; the last day of a month that is too short.
  function later(text, horizon) {
    var date = parsed(text) || new Date(), months = parseInt(horizon, 10);
    var end = new Date(date.getFullYear(), date.getMonth() + months + 1, 0);
    return iso(new Date(end.getFullYear(), end.getMonth(), Math.min(date.getDate(), end.getDate())));
  }

  // ---- reasons: those that are the same are in one group, whose first reason speaks for all ----

  function heads(now) { return now.items.filter(function (item) { return !item.into || !now.items.some(function (other) { return other.id === item.into; }); }); }
  function members(now, head) { return now.items.filter(function (item) { return item.into === head.id; }); }
  function head(now, item) { return heads(now).indexOf(item) < 0 ? find(now, item.into) : item; }
  function says(text) { var bare = text.trim().replace(/[.…?!:\s]+$/, ""); return bare !== "" && !/^(tbd|todo)$/i.test(bare); }
  function known(list, id) { return list.some(function (one) { return one.id === id; }); }
  function named(list, id) { var found = list.filter(function (one) { return one.id === id; })[0]; return found ? found.title : ""; }

  // What a reason still lacks, in words; nothing where it has its outcome.
  function lacks(now, one) {
    var item = head(now, one), kind = classOf(item);
    if (!says(one.text)) return "words";
    if (!item.outcome) return "an outcome";
    if (item.outcome === "merged" && !known(model.modes, item.merged)) return "the failure mode that it is part of";
    if (item.outcome === "action" && !says(item.todo)) return "what is to be done";
    if (item.outcome === "rejected" && !says(item.because)) return "the reason why not";
    if (!kind) return "a class";
    if (item.outcome === "failure" && kind === "dependency" && !known(model.systems, item.system)) return "the system that fails";
    if (item.outcome === "failure" && !says(titleOf(item))) return "what happens";
    return "";
  }
  function classOf(item) {
    if (known(model.classes, item["class"])) return item["class"];
    var mode = item.outcome === "merged" && model.modes.filter(function (mode) { return mode.id === item.merged; })[0];
    return mode && mode["class"] || "";
  }
  function titleOf(item) { return (item.title.trim() || item.text.trim()).replace(/\s+/g, " "); }

  // ---- ratings and priority ----

  function people(now) { return now.people.length ? now.people : [{ id: "room", name: "The room", role: "" }]; }
  function rank(key, value) { return (key === "severity" ? model.severities : model.likelihoods).indexOf(value); }
  function ranks(now, item, key) {
    return people(now).map(function (person) { return rank(key, (item.ratings[person.id] || {})[key]); }).filter(function (at) { return at >= 0; });
  }
  function spread(now, item, key) { var all = ranks(now, item, key); return all.length ? Math.max.apply(null, all) - Math.min.apply(null, all) : 0; }
  // What the room agreed on; else the middle of what was rated, the worse one of two.
  function rated(now, item, key) {
    var words = key === "severity" ? model.severities : model.likelihoods, all = ranks(now, item, key).sort();
    return rank(key, item[key]) >= 0 ? item[key] : all.length ? words[all[Math.floor(all.length / 2)]] : "";
  }
  function detection(item) {
    if (item.by === "customer" || (!says(item.detect) && !item.by)) return 0;
    return item.by === "alert" || item.by === "check" ? 2 : 1;
  }
  function priority(now, item) {
    var severity = rank("severity", rated(now, item, "severity")), likelihood = rank("likelihood", rated(now, item, "likelihood"));
    return severity < 0 || likelihood < 0 ? "" : model.priorities[severity][likelihood][detection(item)];
  }
  function pressing(now) {
    var weight = function (item) {
      var level = ["", "low", "medium", "high"].indexOf(priority(now, item));
      return level * 100 + (rank("severity", rated(now, item, "severity")) + 1) * 10 + rank("likelihood", rated(now, item, "likelihood")) + 1;
    };
    return heads(now).map(function (item, at) { return [weight(item), at, item]; })
      .sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; }).map(function (row) { return row[2]; });
  }

  // ---- the timer ----

  function elapsed(now, at) {
    var running = now.began && at === now.stage ? Math.max(0, (Date.now() - now.began) / 1000) : 0;
    return now.spent[at] + (running > FORGOTTEN ? 0 : running);
  }
  function runs(now) { return now.began > 0 && (Date.now() - now.began) / 1000 <= FORGOTTEN; }
  function seconds(now, at) { return Math.round(stages[at].minutes * now.length); }
  function clock(left) {
    var whole = Math.abs(left);
    return (left < 0 ? "+" : "") + two(Math.floor(whole / 60)) + ":" + two(whole % 60);
  }
  function stop(now) { now.spent[now.stage] = elapsed(now, now.stage); now.began = 0; }
  function go(at) {
    change(function (now) {
      var running = runs(now);
      stop(now);
      now.stage = Math.min(Math.max(at, 0), stages.length - 1);
      if (running) now.began = Date.now();
    });
    stages[read().now.stage].heading.focus({ preventScroll: true });
    bar.scrollIntoView({ block: "nearest" });
    if (bar.getBoundingClientRect().top < 0 || stages[read().now.stage].heading.getBoundingClientRect().top < 0) window.scrollTo(0, 0);
  }

  // ---- pieces of the page ----

  function h(tag, attributes) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) {
      var value = attributes[key];
      if (value === undefined || value === null || value === false) return;
      if (key.slice(0, 2) === "on") element.addEventListener(key.slice(2), value);
      else if (key === "value") element.value = value;
      else element.setAttribute(key, value === true ? "" : value);
    });
    Array.prototype.slice.call(arguments, 2).forEach(function add(child) {
      if (Array.isArray(child)) child.forEach(add);
      else if (child !== null && child !== undefined && child !== false) element.append(child);
    });
    return element;
  }
  function button(label, key, press, more) { return h("button", Object.assign({ type: "button", "class": "act-button", "data-k": key, onclick: press }, more), label); }
  // Keeps the focus, and what is selected in it, through a change of everything around it.
  var focused = "";
  function renew(element, children) {
    element.replaceChildren.apply(element, [].concat(children).filter(Boolean));
  }
  function refocus(key, from, to) {
    var again = key && article.querySelector('[data-k="' + CSS.escape(key) + '"]');
    if (!again || again === document.activeElement) return;
    again.focus({ preventScroll: true });
    if (from !== null && from !== undefined) try { again.setSelectionRange(from, to); } catch (e) { /* a field of another kind has no selection */ }
  }
  function field(key, label, value, typed, more) {
    return h("label", { "class": "wb-field" + (more && more.wide ? " wide" : "") }, h("span", {}, label), h("textarea", {
      rows: Math.min(6, Math.max(1, Math.ceil(value.length / 60))), "data-k": key, value: value, placeholder: more && more.hint,
      oninput: function (event) { var text = event.target.value; note(function (now) { typed(now, text); }); }
    }));
  }
  function dated(key, label, value, chosen, from) {
    return h("label", { "class": "wb-field" }, h("span", {}, label), h("input", {
      type: "date", "data-k": key, value: parsed(value) ? value : "", min: from,
      onchange: function (event) { var text = event.target.value; note(function (now) { chosen(now, text); }); }
    }));
  }
  function select(key, label, value, options, chosen, more) {
    var box = h("select", { "data-k": key, onchange: function (event) { var value = event.target.value; change(function (now) { chosen(now, value); }); } },
      options.map(function (option) {
        return option.group ? h("optgroup", { label: option.group }, option.options.map(choice)) : choice(option);
      }));
    function choice(option) { return h("option", { value: option[0], selected: option[0] === value }, option[1]); }
    box.value = value;
    if (box.selectedIndex < 0) box.selectedIndex = 0;
    return h("label", { "class": "wb-field" + (more ? " " + more : "") }, h("span", {}, label), box);
  }
  function toggles(key, label, value, options, chosen, more) {
    return h("div", { "class": "wb-toggles" + (more ? " " + more : ""), role: "group", "aria-label": label }, options.map(function (option) {
      var on = option[0] === value;
      return h("button", { type: "button", "class": option[2], "data-k": key + ":" + option[0], "aria-pressed": String(on), onclick: function () { change(function (now) { chosen(now, on ? "" : option[0]); }); } }, option[1]);
    }));
  }
  function roles(key, value, chosen, label) {
    return select(key, label || "Owner", value, [["", "nobody yet"]].concat(model.roles.map(function (role) { return [role.id, role.title]; })), chosen);
  }
  function bars(level) {
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "bars"); svg.setAttribute("viewBox", "0 0 14 12"); svg.setAttribute("aria-hidden", "true");
    [[0, 8, 4], [5, 4, 8], [10, 0, 12]].forEach(function (at) {
      var rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("x", at[0]); rect.setAttribute("y", at[1]); rect.setAttribute("width", 3); rect.setAttribute("height", at[2]);
      svg.append(rect);
    });
    return h("span", { "class": "priority " + level }, svg, level + " priority");
  }
  function letter(id) {
    var one = model.classes.filter(function (one) { return one.id === id; })[0];
    return one ? h("span", { "class": "tag class-" + one.id, title: one.title }, h("b", {}, one.letter), h("span", { "class": "vh" }, " " + one.title)) : null;
  }
  function count(number, one, many) { return number + " " + (number === 1 ? one : many); }

  // ---- brief: who, when, how far ahead ----

  function setUp(now, kept) {
    var person = function (one, at) {
      var set = function (key) { return function (now, value) { var found = now.people.filter(function (other) { return other.id === one.id; })[0]; if (found) found[key] = value; }; };
      return h("li", {},
        h("label", { "class": "wb-field" }, h("span", {}, "Name"), h("input", { "data-k": "name:" + one.id, autocomplete: "off", value: one.name, oninput: function (event) { var text = event.target.value; note(function (now) { set("name")(now, text); }); } })),
        select("role:" + one.id, "Role", one.role, [["", "no role of the handbook"]].concat(model.roles.map(function (role) { return [role.id, role.title]; })), set("role")),
        h("button", { type: "button", "class": "wb-quiet", "data-k": "leave:" + one.id, "aria-label": "Remove " + (one.name || "person " + (at + 1)), onclick: function () { change(function (now) { now.people = now.people.filter(function (other) { return other.id !== one.id; }); }); } }, "remove"));
    };
    return [
      h("div", { "class": "wb-grid" },
        dated("date", "Day", now.date || iso(new Date()), function (now, value) { now.date = value; }),
        h("label", { "class": "wb-field" }, h("span", {}, "Leads"), h("input", { "data-k": "lead", autocomplete: "off", value: now.lead, oninput: function (event) { var text = event.target.value; note(function (now) { now.lead = text; }); } })),
        select("horizon", "Looks ahead", now.horizon, HORIZONS.map(function (one) { return [one, one]; }), function (now, value) { now.horizon = value; }),
        h("div", { "class": "wb-field" }, h("span", {}, "Minutes"), toggles("length", "Length of the session in minutes", String(now.length), [["30", "30"], ["60", "60"], ["90", "90"]], function (now, value) { if (value) now.length = +value; }))),
      h("h3", { id: "Fw-people" }, "In the room"),
      h("ul", { "class": "wb-people" }, now.people.map(person)),
      h("p", { "class": "run-acts" }, button("Add a person", "join", function () {
        var id;
        change(function (now) { now.serial += 1; id = "p" + now.serial; now.people.push({ id: id, name: "", role: "" }); });
        refocus("name:" + id);
      })),
      h("p", { "class": "quiet" }, "Three to eight. Names stay in this browser; the record names roles."),
      away(kept),
      now.items.length > 0 && fresh()
    ];
  }
  function fresh() {
    return h("p", { "class": "run-acts" }, button("Start a new session", "fresh", function () {
      change(function (now, kept) {
        stop(now);
        var next = session({ length: now.length, horizon: now.horizon });
        next.people = now.people.map(function (person) { return Object.assign({}, person); });
        next.serial = now.serial;
        kept.before.unshift(now);
        kept.now = next;
      });
      stages[0].heading.focus();
    }));
  }
  // Sessions that were put away: still there to be exported, until somebody says twice that they may go.
  var asked = "", unfolded = {};
  function away(kept) {
    if (!kept.before.length) return null;
    return h("section", { "class": "wb-away", "aria-label": "Sessions that were put away" }, h("h3", {}, "Put away"), kept.before.map(function (old, at) {
      var which = old.date + ":" + old.serial + ":" + at;
      var drop = function (change_) { change(function (now, kept) { change_(kept); }); };
      return h("details", { open: unfolded[which], ontoggle: function (event) { unfolded[which] = event.target.open; } }, h("summary", {}, "Session of " + (day(old.date) || "no day") + ", " + count(old.items.length, "reason", "reasons")),
        exported(old, "old" + at),
        h("p", { "class": "run-acts" },
          button("Bring it back", "back:" + at, function () { drop(function (kept) { var before = kept.before.splice(at, 1)[0]; if (has(kept.now)) kept.before.unshift(kept.now); kept.now = before; }); }),
          asked !== which && button("Delete it", "drop:" + at, function () { asked = which; show(); refocus("sure:" + at); }),
          asked === which && button("Delete it for good", "sure:" + at, function () { asked = ""; drop(function (kept) { kept.before.splice(at, 1); }); }),
          asked === which && button("Keep it", "kept:" + at, function () { asked = ""; show(); })));
    }));
  }

  // ---- announce ----

  function headline(now) {
    var worst = article.querySelector("[data-worst]");
    var effect = h("span", {}, worst ? ": " : ". It could not have gone worse.");
    if (worst) worst.childNodes.forEach(function (node) { effect.append(node.cloneNode(true)); });
    if (worst && !/[.!?…]\s*$/.test(worst.textContent)) effect.append(".");
    return h("p", { "class": "headline" }, "It is " + day(later(now.date, now.horizon), LONG) + ". ", h("b", {}, model.process.title), " has failed", effect);
  }
  function sentence(now) {
    var worst = article.querySelector("[data-worst]");
    var effect = worst ? worst.textContent.replace(/\s+/g, " ").trim().replace(/[.\s]+$/, "") : "";
    return "It is " + day(later(now.date, now.horizon), LONG) + ". " + model.process.title + " has failed" + (effect ? ": " + effect : "") + ".";
  }

  // ---- reasons ----

  // Lines become reasons; the marks of a list before them go.
  function lines(text) {
    return text.split(/\r\n?|[\n\u2028\u2029]/).map(function (line) {
      return line.replace(/^\s*(?:[-*•–]|\d{1,2}[.)])\s+/, "").replace(/\s+/g, " ").trim();
    }).filter(Boolean);
  }
  function add(now, text, more) {
    now.serial += 1;
    now.items.push(Object.assign(item({ id: "i" + now.serial, text: text }), more));
    return "i" + now.serial;
  }
  function writing(now, stage) {
    var enter = function (box) {
      var all = lines(box.value);
      box.value = "";
      if (!all.length) return;
      change(function (now) {
        now.drafts[stage] = "";
        all.forEach(function (line) { add(now, line); });
        if (stage === 3) now.turn += 1;
      });
    };
    return h("div", { "class": "wb-add" }, h("label", { "class": "wb-field wide" }, h("span", {}, "A reason, in the words of the room"), h("textarea", {
      rows: 2, "data-k": "add" + stage, value: word(now.drafts[stage]), placeholder: "Enter adds it; several pasted lines become several",
      onkeydown: function (event) { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); enter(event.target); } },
      oninput: function (event) {
        var text = event.target.value;
        if (/[\r\n]/.test(text) && /^insertFrom(Paste|Drop)/.test(event.inputType || "")) return enter(event.target);
        note(function (now) { now.drafts[stage] = text; });
      }
    })), button("Add", "enter" + stage, function () { enter(article.querySelector('[data-k="add' + stage + '"]')); refocus("add" + stage); }));
  }
  function reasons(now) {
    if (!now.items.length) return h("p", { "class": "quiet" }, "No reasons yet.");
    return h("ol", { "class": "wb-items" }, now.items.map(function (one, at) {
      return h("li", {}, worded(one, at), remove(one, at));
    }));
  }
  function worded(one, at) {
    return h("textarea", {
      rows: Math.max(1, Math.ceil(one.text.length / 60)), "data-k": "text:" + one.id, "aria-label": "Reason " + (at + 1), value: one.text,
      onkeydown: function (event) { if (event.key === "Enter" && !event.isComposing) event.preventDefault(); },
      oninput: function (event) { var text = event.target.value.replace(/[\r\n]+/g, " "); note(function (now) { find(now, one.id).text = text; }); }
    });
  }
  function remove(one, at) {
    return h("button", { type: "button", "class": "wb-quiet", "data-k": "delete:" + one.id, "aria-label": "Delete reason " + (at + 1), onclick: function () {
      change(function (now) {
        var place = now.items.findIndex(function (other) { return other.id === one.id; });
        if (place < 0) return;
        var joined = members(now, one);
        now.gone.push({ item: now.items[place], at: place, members: joined.map(function (member) { return member.id; }) });
        now.items.splice(place, 1);
        joined.forEach(function (member) { member.into = ""; });
      });
      refocus("undo");
    } }, "delete");
  }
  function undo(now) {
    var last = now.gone[now.gone.length - 1];
    if (!last) return null;
    return h("p", { "class": "wb-undo" }, h("span", {}, "Deleted: " + last.item.text + " "), h("button", { type: "button", "class": "wb-link", "data-k": "undo", onclick: function () {
      var id;
      change(function (now) {
        var gone = now.gone.pop();
        if (!gone) return;
        id = gone.item.id;
        now.items.splice(Math.min(gone.at, now.items.length), 0, gone.item);
        now.items.forEach(function (item) { if (gone.members.indexOf(item.id) >= 0 && !item.into) item.into = id; });
      });
      refocus("text:" + id);
    } }, "Undo"));
  }
  function turn(now) {
    if (!now.people.length) return null;
    var first = now.people.findIndex(function (person) { return person.role && person.role === model.owner; });
    var at = (Math.max(first, 0) + now.turn) % now.people.length, person = now.people[at];
    return h("p", { "class": "wb-turn" }, h("b", {}, (person.name || "Person " + (at + 1))), " says one. ",
      h("button", { type: "button", "class": "wb-link", "data-k": "pass", onclick: function () { change(function (now) { now.turn += 1; }); } }, "Has none left: next"));
  }

  // ---- prompts: ticked, or turned into a reason ----

  function prompts(now) {
    article.querySelectorAll("[data-prompt]").forEach(function (entry) {
      var key = entry.getAttribute("data-prompt"), box = entry.querySelector("input");
      var prompt = model.prompts.filter(function (one) { return one.key === key; })[0];
      box.checked = now.ticked[key] === true;
      if (entry.querySelector("[data-by-script]")) return;
      box.addEventListener("change", function () { change(function (now) { if (box.checked) now.ticked[key] = true; else delete now.ticked[key]; }); });
      if (prompt) entry.append(h("button", { type: "button", "class": "wb-link", "data-by-script": "", "data-k": "from:" + key, onclick: function () {
        var id;
        change(function (now) {
          id = add(now, prompt.reason, { "class": prompt["class"], step: prompt.step || "", system: prompt.system || "" });
          now.ticked[key] = true;
        });
        refocus("text:" + id, prompt.reason.length, prompt.reason.length);
      } }, "Make it a reason"));
    });
  }

  // ---- group ----

  function attach(one) {
    var set = function (key) { return function (now, value) { find(now, one.id)[key] = value; }; };
    var tracks = [];
    model.steps.forEach(function (step) {
      var track = tracks.filter(function (track) { return track.group === step.track; })[0];
      if (!track) tracks.push(track = { group: step.track, options: [] });
      track.options.push([step.id, step.title]);
    });
    return [
      toggles("class:" + one.id, "Class", one["class"], model.classes.map(function (kind) { return [kind.id, [h("b", {}, kind.letter), " " + kind.title.toLowerCase()], "class-" + kind.id]; }), set("class")),
      h("div", { "class": "wb-grid" },
        select("step:" + one.id, "Step", one.step, [["", "the process as a whole"]].concat(tracks), set("step")),
        select("system:" + one.id, one["class"] === "dependency" ? "System that fails" : "System", one.system, [["", "none"]].concat(model.systems.map(function (system) { return [system.id, system.title]; })), set("system")))
    ];
  }
  function groups(now) {
    var all = heads(now);
    if (!all.length) return h("p", { "class": "quiet" }, "No reasons yet.");
    return h("ol", { "class": "wb-cards" }, all.map(function (one) {
      var at = now.items.indexOf(one), others = all.filter(function (other) { return other.id !== one.id; });
      return h("li", {}, h("div", { "class": "wb-said" }, worded(one, at), remove(one, at)),
        h("ul", { "class": "wb-members" }, members(now, one).map(function (member) {
          return h("li", {}, member.text + " ", h("button", { type: "button", "class": "wb-link", "data-k": "split:" + member.id, onclick: function () { change(function (now) { find(now, member.id).into = ""; }); refocus("text:" + member.id); } }, "Split off"));
        })),
        attach(one),
        others.length > 0 && select("into:" + one.id, "Same as", "", [["", "nothing else"]].concat(others.map(function (other) { return [other.id, short(other.text)]; })), function (now, value) {
          members(now, one).forEach(function (member) { member.into = value; });
          find(now, one.id).into = value;
        }));
    }));
  }
  function short(text) { return text.length > 70 ? text.slice(0, 68).trim() + " …" : text || "(no words)"; }

  // ---- rate ----

  var rater = "";
  function ratings(now) {
    var all = heads(now), room = people(now);
    if (!all.length) return h("p", { "class": "quiet" }, "No reasons yet.");
    if (now.shown) return revealed(now, all, room);
    var one = room.filter(function (person) { return person.id === rater; })[0] || room[0];
    var label = function (person, at) { return person.name || "Person " + (at + 1); };
    var full = function (person) { return all.every(function (item) { var rating = item.ratings[person.id] || {}; return rating.severity && rating.likelihood; }); };
    var rate = function (item, key, options) {
      var value = (item.ratings[one.id] || {})[key] || "";
      return h("td", {}, h("select", { "data-k": key + ":" + one.id + ":" + item.id, "aria-label": key + " of: " + item.text, onchange: function (event) {
        var chosen = event.target.value;
        note(function (now) { var found = find(now, item.id); var rating = found.ratings[one.id] || { severity: "", likelihood: "" }; rating[key] = chosen; found.ratings[one.id] = rating; });
      } }, [["", "–"]].concat(options.map(function (word) { return [word, word]; })).map(function (option) { return h("option", { value: option[0], selected: option[0] === value }, option[1]); })));
    };
    return [
      room.length > 1 && h("div", { "class": "wb-toggles", role: "group", "aria-label": "Who rates" }, room.map(function (person, at) {
        return h("button", { type: "button", "data-k": "rater:" + person.id, "aria-pressed": String(person === one), onclick: function () { rater = person.id; show(); } }, label(person, at) + (full(person) ? " ✓" : ""));
      })),
      h("section", { "class": "table", tabindex: "0", "aria-label": "Ratings" }, h("table", { "class": "wb-ratings" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Reason"), h("th", { scope: "col" }, "Severity"), h("th", { scope: "col" }, "Likelihood"))),
        h("tbody", {}, all.map(function (item) { return h("tr", {}, h("th", { scope: "row" }, item.text), rate(item, "severity", model.severities), rate(item, "likelihood", model.likelihoods)); })))),
      h("p", { "class": "run-acts" },
        room.length > 1 && button("Next person", "nextRater", function () { rater = room[(room.indexOf(one) + 1) % room.length].id; show(); }),
        button("Show all ratings", "reveal", function () { change(function (now) { now.shown = true; }); refocus("hide"); }))
    ];
  }
  function revealed(now, all, room) {
    var settle = function (item, key, options) {
      var own = Object.assign({}, item); own[key] = "";
      var middle = rated(now, own, key);
      return select(key + ":" + item.id, key === "severity" ? "Severity" : "Likelihood", item[key], [["", middle ? "as rated: " + middle : "not rated"]].concat(options.map(function (word) { return [word, word]; })), function (now, value) { find(now, item.id)[key] = value; });
    };
    return [
      h("ol", { "class": "wb-cards wb-revealed" }, all.map(function (item) {
        var apart = [["severity", spread(now, item, "severity")], ["likelihood", spread(now, item, "likelihood")]].filter(function (one) { return one[1] >= 2; });
        var level = priority(now, item);
        return h("li", {}, h("p", { "class": "wb-said" }, item.text),
          h("p", { "class": "wb-votes" }, room.map(function (person, at) {
            var rating = item.ratings[person.id] || {};
            return h("span", {}, (person.name || "Person " + (at + 1)) + ": " + (rating.severity || "–") + " × " + (rating.likelihood || "–"));
          })),
          apart.length > 0 && h("p", { "class": "wb-apart" }, apart.map(function (one) { return one[0] + " " + one[1] + " apart"; }).join(", ") + ": talk about this one"),
          h("div", { "class": "wb-grid" }, settle(item, "severity", model.severities), settle(item, "likelihood", model.likelihoods), level ? h("p", {}, bars(level)) : h("p", { "class": "quiet" }, "not rated")));
      })),
      h("p", { "class": "run-acts" }, button("Hide the ratings", "hide", function () { change(function (now) { now.shown = false; }); refocus("reveal"); }))
    ];
  }

  // ---- answers and outcomes, what presses most first ----

  var order = [];
  function answers(now) {
    var all = heads(now);
    if (!all.length) return h("p", { "class": "quiet" }, "No reasons yet.");
    // The order stays while one types, and is made anew when the stage is entered.
    order = order.filter(function (id) { return known(all, id); });
    pressing(now).forEach(function (item) { if (order.indexOf(item.id) < 0) order.push(item.id); });
    return [
      h("p", {}, "What presses most stands first. Five get a whole answer now, or are accepted with a reason; the others get at least an outcome."),
      h("ol", { "class": "wb-cards wb-answers" }, order.map(function (id) { return answer(now, find(now, id)); }))
    ];
  }
  function answer(now, one) {
    var set = function (key) { return function (now, value) { find(now, one.id)[key] = value; }; };
    var typed = function (key, label, hint) { return field(key + ":" + one.id, label, one[key], set(key), { wide: true, hint: hint }); };
    var owner = function () { return roles("owner:" + one.id, one.owner, set("owner")); };
    var due = function () { return dated("due:" + one.id, "By when", one.due, set("due"), now.date); };
    var level = priority(now, one), fields = [];
    if (one.outcome === "failure") fields = [
      attach(one),
      field("title:" + one.id, "What happens, in a few words", one.title, set("title"), { wide: true, hint: one.text }),
      typed("effect", "What it does to others"),
      h("div", { "class": "wb-pair" }, typed("detect", "How we notice"), select("by:" + one.id, "Noticed by", one.by, [["", "not said"]].concat(NOTICES), set("by"))),
      typed("recover", "The way back"),
      typed("todo", "What has to be done for that"),
      h("div", { "class": "wb-grid" }, owner(), due()),
      h("details", { open: !!one.accept }, h("summary", {}, "Or accept it"),
        typed("accept", "Because", "a full sentence: it is signed by the owner and stands on the page"),
        h("div", { "class": "wb-grid" }, dated("until:" + one.id, "Until", one.until, set("until"), now.date)))
    ];
    if (one.outcome === "merged") fields = [
      select("merged:" + one.id, "Which", one.merged, [["", "choose"]].concat(pages()), set("merged"), "wide"),
      typed("todo", "What has to be done about it"), h("div", { "class": "wb-grid" }, owner(), due())
    ];
    if (one.outcome === "action") fields = [classes(one, set), typed("todo", "What is to be done"), h("div", { "class": "wb-grid" }, owner(), due())];
    if (one.outcome === "rejected") fields = [classes(one, set), typed("because", "Why not")];
    return h("li", {}, h("p", { "class": "wb-said" }, letter(classOf(one)), " ", one.text || "(no words)"),
      members(now, one).length > 0 && h("ul", { "class": "wb-members" }, members(now, one).map(function (member) { return h("li", {}, member.text); })),
      h("p", { "class": "wb-level", "data-level": one.id }, level ? bars(level) : h("span", { "class": "quiet" }, "not rated")),
      toggles("outcome:" + one.id, "Outcome", one.outcome, OUTCOMES, set("outcome"), "wb-outcome"),
      fields,
      h("p", { "class": "wb-lacks", "data-lacks": one.id }, missing(now, one)));
  }
  function classes(one, set) { return toggles("class:" + one.id, "Class", one["class"], model.classes.map(function (kind) { return [kind.id, [h("b", {}, kind.letter), " " + kind.title.toLowerCase()], "class-" + kind.id]; }), set("class")); }
  function pages() {
    var all = [];
    model.modes.forEach(function (mode) {
      var page = all.filter(function (page) { return page.group === mode.page; })[0];
      if (!page) all.push(page = { group: mode.page, options: [] });
      page.options.push([mode.id, mode.title]);
    });
    return all;
  }
  function missing(now, one) { var what = lacks(now, one); return what ? "Lacks " + what + "." : ""; }

  // ---- the likeliest killer, and what goes home ----

  function closing(now) {
    var all = heads(now), first = killers(now);
    return [
      all.length > 0 && h("div", { "class": "wb-grid" }, people(now).map(function (person, at) {
        return select("vote:" + person.id, (person.name || "Person " + (at + 1)) + " names", word(now.votes[person.id]), [["", "–"]].concat(all.map(function (item) { return [item.id, short(item.text)]; })), function (now, value) { now.votes[person.id] = value; });
      })),
      first.length > 0 && h("p", { "class": "wb-killer" }, "Most named: ", h("b", {}, first.map(function (item) { return item.text; }).join(" · ")), " (" + votes(now, first[0]) + " of " + people(now).length + ")"),
      h("div", { "class": "wb-grid" }, dated("next", "Next session", now.next, function (now, value) { now.next = value; }, now.date)),
      open(now)
    ];
  }
  function votes(now, item) { return people(now).filter(function (person) { return now.votes[person.id] === item.id; }).length; }
  function killers(now) {
    var most = Math.max.apply(null, [0].concat(heads(now).map(function (item) { return votes(now, item); })));
    return most ? heads(now).filter(function (item) { return votes(now, item) === most; }) : [];
  }
  function open(now) {
    var left = now.items.filter(function (one) { return lacks(now, one); });
    return left.length > 0 && h("div", { "class": "wb-open" }, h("h3", {}, outcomes(now)), h("ul", { "class": "plain" }, left.map(function (one) {
      return h("li", {}, h("button", { type: "button", "class": "wb-link", "data-k": "open:" + one.id, onclick: function () { go(7); refocus("outcome:" + head(read().now, one).id + ":failure"); } }, one.text || "(no words)"), h("span", { "class": "quiet" }, " lacks " + lacks(now, one)));
    })));
  }
  function outcomes(now) {
    if (!now.items.length) return "";
    var left = now.items.filter(function (one) { return lacks(now, one); }).length;
    return left === 0 ? "Every reason has its outcome." : left + " of " + count(now.items.length, "reason", "reasons") + (left === 1 ? " has" : " have") + " no outcome yet";
  }

  // ---- export ----

  // A TOML string on one line, whatever is in it.
  function toml(text) {
    return '"' + text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]|["\\\u0000-\u001f\u007f]/g, function (found) {
      if (found.length > 1) return found;
      var short = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" }[found];
      if (short) return short;
      return found >= "\ud800" && found <= "\udfff" ? "\ufffd" : "\\u" + ("000" + found.charCodeAt(0).toString(16)).slice(-4);
    }) + '"';
  }
  // Words as inline Markdown that shows them as they were typed; code in backticks stays code.
  function prose(text) {
    var clean = text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ").trim();
    var safe = clean.replace(/`{2,}|`[^`\n]+`(?!`)|[\\`*[<]|&(?=#?\w+;)/g, function (found) {
      return found.slice(0, 2) === "``" ? found.replace(/`/g, "\\`") : found.length > 1 ? found : "\\" + found;
    });
    return safe.replace(/(^|\n)([ \t]*)([#>+=~|:-]|\d+(?=[.)]))/g, function (_, start, space, mark) { return start + space.slice(0, 1) + (/\d/.test(mark) ? mark + "\\" : "\\" + mark); });
  }
  // The same for a body of Markdown, where more has a meaning, on one line.
  function plain(text) { return text.replace(/\s+/g, " ").trim().replace(/[\\`*_[\]<>#|~&]/g, "\\$&").replace(/^([+=:-]|\d+(?=[.)]))/, function (mark) { return /\d/.test(mark) ? mark + "\\" : "\\" + mark; }); }
  function slug(text) {
    var bare = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    return (bare.length > 60 ? bare.slice(0, 61).replace(/-[^-]*$/, "").slice(0, 60) : bare) || "reason";
  }
  // A new failure mode keeps its id as long as it is called the same, even when the page already has it.
  function settle(now) {
    var given = now.items.filter(function (item) { return item.mode; }).map(function (item) { return item.mode; }), changed = false;
    heads(now).filter(function (item) { return item.outcome === "failure"; }).forEach(function (item) {
      var base = slug(titleOf(item)), id = base, next = 2;
      if (item.mode && item.base === base) return;
      while (model.taken.indexOf(id) >= 0 || given.indexOf(id) >= 0) { id = base + "-" + next; next += 1; }
      item.mode = id; item.base = base; given.push(id); changed = true;
    });
    return changed;
  }
  function done(now) { return heads(now).filter(function (item) { return !lacks(now, item); }); }
  function action(item, what) {
    var lines = ["[[action]]", "what = " + toml(prose(what))];
    if (known(model.roles, item.owner)) lines.push("owner = " + toml(item.owner));
    if (parsed(item.due)) lines.push("due = " + item.due);
    return lines;
  }
  function todo(item) {
    if (says(item.todo)) return item.todo;
    return parsed(item.due) && !says(item.accept) ? "Put in place how it is noticed and the way back" : "";
  }
  function block(now, item) {
    var title = titleOf(item), all = [item].concat(members(now, item)).map(function (one) { return one.text.trim().replace(/\s+/g, " "); });
    var causes = all.filter(function (text, at) { return text && text !== title && all.indexOf(text) === at; });
    var severity = rated(now, item, "severity"), likelihood = rated(now, item, "likelihood"), kind = classOf(item);
    var lines = ["id = " + toml(item.mode), "class = " + toml(kind), "title = " + toml(prose(title))];
    var say = function (key, value) { if (value) lines.push(key + " = " + toml(value)); };
    say("cause", causes.length ? prose(causes.join("; ")) : "");
    say("effect", says(item.effect) ? prose(item.effect) : "");
    say("severity", severity);
    say("likelihood", likelihood);
    say("of", kind === "dependency" ? item.system : "");
    say("at", known(model.steps, item.step) ? "#" + item.step : "");
    say("owner", known(model.roles, item.owner) ? item.owner : "");
    if (says(item.detect) && !item.by) say("detect", prose(item.detect));
    if (says(item.recover)) say("recover", prose(item.recover));
    if (item.by) {
      lines.push("", "[detect]");
      if (says(item.detect)) say("signal", prose(item.detect));
      say("by", item.by);
    }
    if (todo(item)) lines = lines.concat([""], action(item, todo(item)));
    var signed = says(item.accept) && item.accept.trim().length >= SENTENCE && model.waives && !todo(item) && priority(now, item) === "high";
    if (signed) {
      lines.push("", "[[waive]]", 'rule = "high-priority-unanswered"', "reason = " + toml(prose(item.accept)), "by = " + toml(signer(now, item)));
      if (parsed(item.until) && item.until >= now.date) lines.push("until = " + item.until);
    }
    return "```failure\n" + lines.join("\n") + "\n```\n";
  }
  function signer(now, item) { return known(model.roles, item.owner) ? item.owner : now.lead.trim() || "the session of " + now.date; }
  function blocks(now) {
    var all = done(now).filter(function (item) { return item.outcome === "failure"; });
    return all.length ? "## From the pre-mortem of " + day(now.date) + "\n\n" + all.map(function (item) { return block(now, item); }).join("\n") : "";
  }
  // What is to be done about failure modes that were declared before: a table for each of their blocks.
  function additions(now) {
    return done(now).filter(function (item) { return item.outcome === "merged" && todo(item); }).map(function (item) {
      return "# at the end of the block of `" + item.merged + "`\n" + action(item, todo(item)).join("\n") + "\n";
    }).join("\n");
  }
  function because(now, item) {
    var by = parsed(item.due) ? ", by " + day(item.due) : "";
    var who = known(model.roles, item.owner) ? " Owner: " + item.owner + by + "." : by ? " " + by.slice(2).replace(/^b/, "B") + "." : "";
    if (item.outcome === "rejected") return item.because;
    if (item.outcome === "action") return item.todo.trim().replace(/([^.!?…])$/, "$1.") + who;
    if (item.outcome === "failure" && says(item.accept)) return "Accepted: " + item.accept.trim();
    return "";
  }
  function reference(item) { return item.outcome === "failure" ? model.process.id + "#" + item.mode : item.outcome === "merged" ? item.merged : ""; }
  function title(now) { return "Pre-mortem: " + model.process.title + ", " + day(now.date); }
  function path(now) { return model.records + "/" + model.process.id + "-" + now.date + ".md"; }
  function record(now) {
    var present = now.people.map(function (person) { return person.role; }).filter(function (role, at, all) { return known(model.roles, role) && all.indexOf(role) === at; });
    var lines = ["```page", 'kind = "premortem"', "title = " + toml(title(now)), "process = " + toml(model.process.id), "date = " + now.date, "horizon = " + toml(now.horizon)];
    if (present.length) lines.push("roles = [" + present.map(toml).join(", ") + "]");
    now.items.filter(function (one) { return !lacks(now, one); }).forEach(function (one) {
      var first = head(now, one), outcome = first !== one && first.outcome === "failure" ? "merged" : first.outcome;
      lines.push("", "[[item]]", "text = " + toml(prose(one.text)), "class = " + toml(classOf(first)), "outcome = " + toml(outcome));
      if (reference(first)) lines.push("failure = " + toml(reference(first)));
      if (because(now, first)) lines.push("because = " + toml(prose(because(now, first))));
    });
    return lines.join("\n") + "\n```\n\n" + told(now).join("\n\n") + "\n";
  }
  // What the record says beside its items.
  function told(now) {
    var all = [], apart = heads(now).filter(function (item) { return spread(now, item, "severity") >= 2 || spread(now, item, "likelihood") >= 2; });
    var left = now.items.filter(function (one) { return lacks(now, one); });
    all.push((now.people.length ? count(now.people.length, "person", "people") + ", " : "") + now.length + " minutes" + (now.lead.trim() ? ", led by " + plain(now.lead) : "") + ". The announced sentence was: “" + plain(sentence(now)) + "”");
    if (apart.length) all.push("Ratings were two or more apart on:\n\n" + apart.map(function (item) { return "- " + plain(item.text); }).join("\n"));
    if (killers(now).length) all.push("Likeliest killer, by vote: " + killers(now).map(function (item) { return plain(item.text); }).join("; ") + ".");
    if (left.length) all.push("Without an outcome yet:\n\n" + left.map(function (one) { return "- " + plain(one.text); }).join("\n"));
    if (parsed(now.next)) all.push("Next session: " + day(now.next) + ".");
    return all;
  }
  function markdown(now) {
    var lines = ["# " + plain(title(now)), "", told(now).join("\n\n"), "", "## Reasons", ""];
    pressing(now).forEach(function (item, at) {
      var facts = [classOf(item), named(model.steps, item.step) && "at " + plain(named(model.steps, item.step)), plain(named(model.systems, item.system)), rated(now, item, "severity"), rated(now, item, "likelihood"), priority(now, item) && priority(now, item) + " priority"];
      lines.push(at + 1 + ". **" + plain(item.text) + "**");
      members(now, item).forEach(function (member) { lines.push("   - the same: " + plain(member.text)); });
      if (facts.some(Boolean)) lines.push("   - " + facts.filter(Boolean).join(", "));
      var outcome = OUTCOMES.filter(function (one) { return one[0] === item.outcome; })[0];
      var of = item.outcome === "merged" ? named(model.modes, item.merged) : item.outcome === "failure" ? titleOf(item) : "";
      lines.push("   - " + (outcome ? outcome[1] : "no outcome yet") + (of ? ": " + plain(of) : ""));
      var say = function (label, text) { if (text && says(text)) lines.push("   - " + label + ": " + prose(text.replace(/\s+/g, " "))); };
      say("effect", item.effect);
      say("noticed", item.detect + (item.by ? " (" + item.by + ")" : ""));
      say("way back", item.recover);
      say("to do", item.todo);
      say("owner", named(model.roles, item.owner));
      say("by when", day(item.due));
      say("accepted because", item.accept);
      say("because", item.because);
    });
    return lines.join("\n") + "\n";
  }
  function taking(key, heading, hint, text, file) {
    var box = h("textarea", { "class": "run-text", readonly: true, rows: Math.min(16, text.split("\n").length + 1), "data-k": key + ":text", "aria-label": heading, value: text });
    var said = h("span", { role: "status", "class": "quiet" });
    return h("section", { "aria-label": heading }, h("h4", {}, heading), h("p", {}, hint), box, h("p", { "class": "run-acts" },
      button("Copy", key + ":copy", function () {
        var chosen = function () { box.focus(); box.select(); said.textContent = "This browser does not let a page copy: the text is selected."; };
        if (navigator.clipboard) navigator.clipboard.writeText(text).then(function () { said.textContent = "Copied."; }, chosen); else chosen();
      }, { "aria-label": "Copy: " + heading }),
      button("Download", key + ":load", function () {
        var url = URL.createObjectURL(new Blob([text], { type: "text/markdown" })), link = h("a", { href: url, download: file });
        link.click();
        setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
      }, { "aria-label": "Download: " + heading }), said));
  }
  function exported(now, key) {
    var left = now.items.filter(function (one) { return lacks(now, one); }).length, more = additions(now), file = model.process.id + "-" + now.date;
    return h("div", { "class": "wb-export" },
      left > 0 && h("p", { "class": "wb-lacks" }, count(left, "reason without an outcome stands", "reasons without an outcome stand") + " in the text of the record only."),
      blocks(now) && taking(key + "a", "Failure blocks", h("span", {}, "For the end of ", h("code", {}, model.file), ", or each block where it belongs."), blocks(now), file + "-failures.md"),
      more && taking(key + "d", "Actions on known failure modes", "Each goes to the end of the block that it names.", more, file + "-actions.toml"),
      taking(key + "b", "The record", h("span", {}, "A page to commit, such as ", h("code", {}, path(now)), "."), record(now), file + ".md"),
      taking(key + "c", "Plain Markdown", "For a message or a wiki.", markdown(now), file + "-notes.md"));
  }

  // ---- what is shown ----

  function paper(now) {
    var row = function (cells) { return h("tr", {}, cells.map(function (cell) { return h("td", {}, cell); })); };
    var table = function (names, rows) { return h("table", { "class": "form" }, h("thead", {}, h("tr", {}, names.map(function (name) { return h("th", {}, name); }))), h("tbody", {}, rows)); };
    renew(parts.facts, h("p", {}, [day(now.date), now.lead && "led by " + now.lead, now.people.map(function (person) { return person.name; }).filter(Boolean).join(", ")].filter(Boolean).join(" · ")));
    renew(parts.said, now.items.length ? table(["No.", "Reason, in the words of the room", "Class", "Severity", "Likelihood"], now.items.map(function (one, at) {
      var first = head(now, one);
      return row([String(at + 1), one.text, classOf(first), rated(now, first, "severity"), rated(now, first, "likelihood")]);
    })) : []);
    renew(parts.answered, now.items.length ? table(["Reason", "Outcome", "How we notice", "The way back", "Owner", "By"], pressing(now).map(function (item) {
      var outcome = OUTCOMES.filter(function (one) { return one[0] === item.outcome; })[0];
      return row([item.text, [outcome ? outcome[1] : "", item.outcome === "merged" ? ": " + named(model.modes, item.merged) : "", says(because(now, item)) ? ": " + because(now, item) : ""].join(""), item.detect, item.recover, named(model.roles, item.owner), day(item.due)]);
    })) : []);
    renew(parts.named, now.items.length ? h("p", {}, "Most named: ", h("b", {}, killers(now).map(function (item) { return item.text; }).join(" · ")), ". Next session: " + (day(now.next) || "no day yet") + ".") : []);
    article.classList.toggle("filled", now.items.length > 0);
  }
  var entered = -1;
  function show() {
    var kept = read(), now = kept.now, active = document.activeElement, from = null, to = null;
    var key = active && article.contains(active) && active.getAttribute("data-k") || "", typed = active && active.value;
    try { from = active.selectionStart; to = active.selectionEnd; } catch (e) { /* a field of another kind has no selection */ }
    if (entered !== now.stage) { order = []; entered = now.stage; }
    if (now.stage === stages.length - 1 && settle(now)) keep(function (now) { settle(now); });
    article.setAttribute("data-at", now.stage + 1);
    stages.forEach(function (stage, at) {
      stage.section.classList.toggle("now", at === now.stage);
      if (at === now.stage) stage.tab.setAttribute("aria-current", "step"); else stage.tab.removeAttribute("aria-current");
    });
    renew(parts.setUp, now.stage === 0 ? setUp(now, kept) : []);
    renew(parts.headline, headline(now));
    renew(parts.round, now.stage === 3 ? [turn(now), writing(now, 3), reasons(now), undo(now)] : []);
    renew(parts.prompted, now.stage === 4 ? [writing(now, 4), reasons(now), undo(now)] : []);
    prompts(now);
    renew(parts.grouped, now.stage === 5 ? [groups(now), undo(now)] : []);
    renew(parts.rated, now.stage === 6 ? ratings(now) : []);
    renew(parts.answers, now.stage === 7 ? answers(now) : []);
    renew(parts.closing, now.stage === 8 ? closing(now) : []);
    renew(parts.taken, now.stage === 8 ? [h("h3", {}, "Take it home"), now.items.length > 0 ? exported(now, "now") : h("p", { "class": "quiet" }, "No reasons yet."), has(now) && fresh()] : []);
    paper(now);
    glance(now);
    refocus(key, from, to);
    // Where one types stands what one has typed, whatever another window has written meanwhile.
    active = document.activeElement;
    if (key && active.getAttribute("data-k") === key && /^(TEXTAREA|INPUT)$/.test(active.tagName) && !active.readOnly && active.value !== typed) {
      active.value = typed;
      active.setSelectionRange(from, to);
    }
  }
  // What hangs on what is typed: the counter, what a reason lacks, its priority, and the clock.
  function glance(now) {
    now = now && now.items ? now : read().now;
    write(parts.outcomes, now.stage >= 5 ? outcomes(now) : now.items.length ? count(now.items.length, "reason", "reasons") : "");
    write(parts.kept, store.lasting ? "" : "This browser keeps nothing: the session lasts until you close the page.");
    article.querySelectorAll("[data-lacks]").forEach(function (line) { write(line, missing(now, find(now, line.getAttribute("data-lacks")))); });
    article.querySelectorAll("[data-level]").forEach(function (line) { var level = priority(now, find(now, line.getAttribute("data-level"))); if (level && line.textContent !== level + " priority") renew(line, bars(level)); });
    tick(now);
  }
  function write(element, text) { if (element.textContent !== text) element.textContent = text; }
  function tick(now) {
    now = now && now.items ? now : read().now;
    var left = Math.round(seconds(now, now.stage) - elapsed(now, now.stage)), running = runs(now);
    write(parts.timer, clock(left));
    parts.timer.classList.toggle("over", left < 0);
    write(parts.stage, now.stage + 1 + " of " + stages.length);
    write(parts.start, running ? "Pause" : elapsed(now, now.stage) > 0 ? "Go on" : "Start");
    write(parts.time, running && left <= 0 ? "Time is up for this stage." : "");
    parts.back.disabled = now.stage === 0;
    parts.next.disabled = now.stage === stages.length - 1;
  }

  // ---- the frame: made once, and again where the page has been changed under it ----

  function toggle() { change(function (now) { if (runs(now)) stop(now); else { stop(now); now.began = Date.now(); } }); }
  function frame() {
    model = JSON.parse(article.getAttribute("data-session"));
    article.querySelectorAll("[data-by-script]").forEach(function (old) { old.remove(); });
    stages = Array.prototype.map.call(article.querySelectorAll(".stage"), function (section, at) {
      var heading = section.querySelector("h2");
      var title = heading.childNodes[1].textContent.trim();
      var tab = h("button", { type: "button", "data-k": "stage:" + at, title: title, "aria-label": at + 1 + " " + title, onclick: function () { go(at); } }, String(at + 1));
      return { section: section, heading: heading, title: title, minutes: +section.getAttribute("data-stage"), tab: tab };
    });
    var place = function (kind) { return h("div", { "class": kind, "data-by-script": "" }); };
    parts = {
      timer: h("p", { "class": "wb-timer", role: "timer" }), stage: h("p", { "class": "wb-stage" }),
      start: button("Start", "start", toggle), back: button("Back", "prev", function () { go(read().now.stage - 1); }), next: button("Next", "next", function () { go(read().now.stage + 1); }),
      time: h("p", { role: "status", "class": "wb-up" }), outcomes: h("p", { role: "status", "class": "wb-outcomes" }), kept: h("p", { role: "status", "class": "wb-kept" }),
      setUp: place("wb-part"), facts: place("wb-print"), headline: place("wb-headline"), round: place("wb-part"), said: place("wb-print"), prompted: place("wb-part"),
      grouped: place("wb-part"), rated: place("wb-part"), answers: place("wb-part"), answered: place("wb-print"), named: place("wb-print"), closing: place("wb-part"), taken: place("wb-part")
    };
    bar = h("section", { "class": "wb-bar", "data-by-script": "", "aria-label": "Session", onkeydown: keys },
      h("ol", { "class": "wb-stages" }, stages.map(function (stage) { return h("li", {}, stage.tab); })),
      h("div", { "class": "wb-clock" }, parts.timer, parts.stage, h("p", { "class": "run-acts" }, parts.back, parts.start, parts.next)),
      parts.time, parts.outcomes, parts.kept);
    stages[0].section.before(bar);
    stages[0].heading.after(parts.facts, parts.setUp);
    stages[1].heading.after(parts.headline);
    stages[3].section.append(parts.said, parts.round);
    stages[4].section.append(parts.prompted);
    stages[5].section.append(parts.grouped);
    stages[6].section.append(parts.rated);
    stages[7].section.append(parts.answered, parts.answers);
    stages[8].section.append(parts.named, parts.closing, parts.taken);
    stages.forEach(function (stage) { stage.heading.addEventListener("keydown", keys); });
    article.classList.add("live");
    show();
  }
  // From a stage's heading or the bar, the arrows change the stage, and space on the heading starts and stops the clock.
  function keys(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var back = document.documentElement.dir === "rtl" ? "ArrowRight" : "ArrowLeft", forth = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === back || event.key === forth) { event.preventDefault(); go(read().now.stage + (event.key === forth ? 1 : -1)); }
    if (event.key === " " && event.currentTarget.tagName === "H2") { event.preventDefault(); toggle(); }
  }

  frame();
  document.addEventListener("focusin", function (event) { focused = article.contains(event.target) && event.target.getAttribute("data-k") || ""; });
  // A page that changes while it is open, as under `forewarn serve`, takes away what this script has put into it: put it back.
  new MutationObserver(function () {
    if (bar.isConnected && article.classList.contains("live") && Object.keys(parts).every(function (key) { return parts[key].isConnected; })) return prompts(read().now);
    var key = focused;
    frame();
    refocus(key);
  }).observe(article, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  // Another window writes, the browser comes back from sleep.
  window.addEventListener("storage", function (event) { if (!event.key || event.key === store.key) show(); });
  ["pageshow", "focus"].forEach(function (event) { window.addEventListener(event, function () { glance(); }); });
  setInterval(tick, 500);
  window.forewarn.toml = toml;
})();
