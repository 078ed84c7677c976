// The run sheet: ticks belong to a run, and are kept in this browser. Without it the sheet is a list that one can tick and print.
(function () {
  "use strict";
  var sheet = document.querySelector("[data-run-sheet]");
  if (!sheet || !window.forewarn) return;

  // What was done longer ago than this may have been another night's work.
  var OLD = 12 * 60 * 60 * 1000;
  var store = window.forewarn.store("run:" + sheet.getAttribute("data-run-sheet"));
  var part = function (name) { return sheet.querySelector('[data-run="' + name + '"]'); };
  var steps = [];
  function gather() {
    steps = Array.prototype.map.call(sheet.querySelectorAll("li[data-step]"), function (item) {
      var note = item.querySelector(".tick-note");
      if (!note) {
        note = document.createElement("p");
        note.className = "tick-note";
        note.setAttribute("data-by-script", "");
        note.hidden = true;
        item.querySelector(".tick").after(note);
      }
      note.id = "Tick-" + item.getAttribute("data-step");
      return { id: item.getAttribute("data-step"), item: item, box: item.querySelector(".tick input"), note: note, hash: hash(item) };
    });
  }
  // The answer to what was pressed last.
  var said = "";

  // ---- what is kept: a run { began, of, by, confirmed, ticks: { step: { at, hash, title } } }, and the one that was put away before it ----

  function empty() { return { began: null, of: "", by: "", confirmed: 0, ticks: {} }; }
  function read() {
    var kept = store.read();
    return kept && kept.version === 1 && kept.run && kept.run.ticks ? kept : { version: 1, run: empty(), before: null, away: 0 };
  }
  function change(how) {
    var kept = read();
    how(kept);
    store.write(kept);
    show();
  }
  function size(run) { return Object.keys(run.ticks).length; }

  // What a reader saw of the step when it was ticked: what to do, who, and how; not what may fail at it.
  function hash(item) {
    var text = "";
    item.querySelectorAll(".do, .meta, .branches, .how > .prose").forEach(function (part) {
      var copy = part.cloneNode(true);
      copy.querySelectorAll("button").forEach(function (button) { button.remove(); });
      text += copy.textContent.replace(/\s+/g, " ").trim() + "\n";
    });
    var sum = 0x811c9dc5;
    for (var at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
    return (sum >>> 0).toString(16);
  }

  // `done`, `changed` since, or `old`: only the first is shown as done.
  function state(step, tick, run) {
    if (!tick) return "open";
    if (tick.hash !== step.hash) return "changed";
    return isOld(tick, run) ? "old" : "done";
  }
  function isOld(tick, run) { return Math.abs(Date.now() - Math.max(tick.at, run.confirmed)) > OLD; }
  // When what was done last is where the process, or the way back, ends.
  function ended(run) {
    var last = steps.filter(function (step) { return state(step, run.ticks[step.id], run) === "done"; })
      .sort(function (a, b) { return run.ticks[b.id].at - run.ticks[a.id].at; })[0];
    return last && last.item.matches("[data-end], :last-child") ? told(run.ticks[last.id].at) : "";
  }
  function gone(run) { return Object.keys(run.ticks).filter(function (id) { return !steps.some(function (step) { return step.id === id; }); }); }

  // ---- times ----

  function two(number) { return (number < 10 ? "0" : "") + number; }
  function clock(date) { return two(date.getHours()) + ":" + two(date.getMinutes()); }
  function iso(time) {
    var date = new Date(time);
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + " " + clock(date);
  }
  function told(time) {
    var date = new Date(time);
    if (date.toDateString() === new Date().toDateString()) return clock(date);
    var months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    return date.getDate() + " " + months[date.getMonth()] + " " + date.getFullYear() + " " + clock(date);
  }
  function zone(time) {
    var minutes = -new Date(time).getTimezoneOffset(), ahead = Math.abs(minutes);
    return "UTC" + (minutes < 0 ? "-" : "+") + two(Math.floor(ahead / 60)) + ":" + two(ahead % 60);
  }

  // ---- what is shown ----

  function show() {
    var kept = read(), run = kept.run, done = 0, old = 0;
    steps.forEach(function (step) {
      var tick = run.ticks[step.id], now = state(step, tick, run);
      step.box.checked = now === "done";
      step.item.classList.toggle("changed", now === "changed");
      step.note.hidden = now === "open";
      write(step.note, now === "done" ? "done " + told(tick.at)
        : now === "changed" ? "changed since it was done " + told(tick.at) + ": look again"
        : now === "old" ? "ticked " + told(tick.at) + ", more than 12 hours ago" : "");
      if (step.note.hidden) step.box.removeAttribute("aria-describedby"); else step.box.setAttribute("aria-describedby", step.note.id);
      if (now === "done") done += 1;
    });
    Object.keys(run.ticks).forEach(function (id) { if (isOld(run.ticks[id], run)) old += 1; });
    var began = size(run) > 0, lost = gone(run);
    write(part("began"), began ? told(run.began) : "");
    write(part("ended"), ended(run));
    write(part("ask"), old === 0 ? "" : (old === 1 ? "One tick is" : old + " ticks are") + " more than 12 hours old and not shown as done. Is this still the run that began " + told(run.began) + "?");
    var lines = said ? [said] : [];
    if (began) lines.push(done + " of " + total(run) + " done.");
    if (lost.length) lines.push("Done, and no longer on this sheet: " + lost.map(function (id) { return run.ticks[id].title + " (" + told(run.ticks[id].at) + ")"; }).join(", ") + ".");
    if (!store.lasting) lines.push("This browser keeps nothing: the ticks last until you close the page.");
    write(part("said"), lines.join(" "));
    part("continue").hidden = old === 0;
    part("new").hidden = !began;
    part("copy").hidden = !began;
    part("back").hidden = began || !kept.before || Date.now() - kept.away > OLD;
    part("panel").classList.toggle("asks", old > 0);
    ["of", "by"].forEach(function (name) { if (document.activeElement !== part(name)) part(name).value = run[name] || ""; });
  }
  // A text is written only where it differs, so that nobody hears twice what they have heard.
  function write(element, text) { if (element.textContent !== text) element.textContent = text; }

  // The steps of the way that a process takes when all goes well, and of every other way that this run has entered.
  function tracks(run) {
    var list = Array.prototype.slice.call(sheet.querySelectorAll(".checks"));
    return list.filter(function (track, at) { return at === 0 || steps.some(function (step) { return run.ticks[step.id] && track.contains(step.item); }); });
  }
  function total(run) { return tracks(run).reduce(function (sum, track) { return sum + track.children.length; }, 0); }

  // ---- the run as Markdown ----

  function escaped(text) { return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|~]/g, "\\$&"); }
  function markdown(node) {
    return Array.prototype.map.call(node.childNodes, function (child) {
      return child.nodeName === "CODE" ? "`" + child.textContent + "`" : child.nodeType === 3 ? escaped(child.textContent) : markdown(child);
    }).join("");
  }
  function asMarkdown(run) {
    var done = steps.filter(function (step) { return state(step, run.ticks[step.id], run) === "done"; }).length;
    var lines = ["## Run: " + markdown(sheet.querySelector("h1")), ""];
    if (run.of) lines.push("- Run of: " + escaped(run.of));
    if (run.by) lines.push("- By: " + escaped(run.by));
    lines.push("- Began: " + iso(run.began) + " (" + zone(run.began) + ")");
    if (run.confirmed) lines.push("- Continued: " + iso(run.confirmed));
    lines.push("- Copied: " + iso(Date.now()) + ", " + done + " of " + total(run) + " steps done");
    tracks(run).forEach(function (track) {
      lines.push("", "**" + markdown(track.parentElement.querySelector("h2")) + "**", "");
      steps.filter(function (step) { return track.contains(step.item); }).forEach(function (step) {
        var tick = run.ticks[step.id], now = state(step, tick, run), title = markdown(step.item.querySelector(".do"));
        lines.push(now === "open" ? "- [ ] " + title
          : now === "done" ? "- [x] " + iso(tick.at) + " " + title
          : "- [ ] " + title + (now === "old" ? " (ticked " + iso(tick.at) + ")" : " (changed since it was done " + iso(tick.at) + ")"));
      });
    });
    var lost = gone(run);
    if (lost.length) lines.push("", "**No longer on the sheet**", "");
    lost.forEach(function (id) { lines.push("- [x] " + iso(run.ticks[id].at) + " " + escaped(run.ticks[id].title)); });
    return lines.join("\n") + "\n";
  }

  // ---- what one can do ----

  sheet.addEventListener("change", function (event) {
    var step = steps.filter(function (step) { return step.box === event.target; })[0];
    if (!step) return;
    said = "";
    change(function (kept) {
      var run = kept.run;
      if (!step.box.checked) { delete run.ticks[step.id]; return; }
      if (size(run) === 0) { run.began = Date.now(); run.confirmed = 0; }
      run.ticks[step.id] = { at: Date.now(), hash: step.hash, title: step.item.querySelector(".do").textContent.trim() };
    });
  });
  ["of", "by"].forEach(function (name) {
    part(name).addEventListener("input", function () { change(function (kept) { kept.run[name] = part(name).value; }); });
    part(name).hidden = false;
  });
  part("continue").addEventListener("click", function () {
    said = "The run goes on.";
    change(function (kept) { kept.run.confirmed = Date.now(); });
    focus();
  });
  part("new").addEventListener("click", function () {
    change(function (kept) {
      said = "The run that began " + told(kept.run.began) + " is put away.";
      kept.before = kept.run;
      kept.away = Date.now();
      kept.run = empty();
    });
    focus();
  });
  part("back").addEventListener("click", function () {
    said = "";
    change(function (kept) { kept.run = kept.before; kept.before = null; });
    focus();
  });
  part("copy").addEventListener("click", function () {
    var text = asMarkdown(read().run), field = part("text");
    var copied = function () { field.hidden = true; said = "Copied, ready for the incident page."; show(); };
    var offered = function () { field.hidden = false; field.value = text; field.focus(); field.select(); said = "This browser does not let a page copy: take the text from here."; show(); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(copied, offered); else offered();
  });
  // The button that was pressed may be gone: the next one gets the focus, so that the keyboard does not begin at the top.
  function focus() {
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.hidden) {
      var next = part("panel").querySelector("button:not([hidden])") || steps[0] && steps[0].box;
      if (next) next.focus();
    }
  }

  // Time passes, another window ticks, the browser restores what it remembers of forms: look again.
  part("panel").hidden = false;
  gather();
  show();
  // A sheet that changes while it is open, as under `forewarn serve`, has other steps, and other words in them.
  window.addEventListener("forewarn:morphed", function () {
    if (!sheet.isConnected) return location.reload();
    gather();
    show();
  });
  ["pageshow", "focus", "storage"].forEach(function (event) { window.addEventListener(event, show); });
  document.addEventListener("visibilitychange", show);
  setInterval(show, 30000);
})();
