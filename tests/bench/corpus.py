"""Writes the same handbook for forewarn, for Hugo, Zola and mdBook, and as plain Markdown. Same arguments, same bytes; page i is the same for
every size.

    tests/bench/corpus.py --processes 1000 --format forewarn --out /tmp/handbook

A process has some 950 words: seven steps with a command and a configuration file among them, a table, links to five others, and eight
failure modes, two of each class. forewarn gets steps and failure modes as declarations; the others get the same words as headings and lists. Each
page of Hugo and Zola has its table of contents, highlighted code, and a sidebar of all sections and of the pages of its own, the way that is
quick for it; mdBook has its own sidebar, and highlights in the browser. `-search` adds the search index of Zola and mdBook.
"""
import argparse
import json
import os
import random

WORDS = """the a of to and in on for with by from before after until when where which that this each every no one two three first last next
release service queue replica region certificate customer ledger batch window alert metric log deploy migrate restart drain fail restore verify
promote freeze switch measure write read call wait check confirm announce record review approve rotate renew page team engineer captain owner
backup snapshot cluster node pod gateway cache index table column schema lock lease token secret key limit quota latency error rate share""".split()
VERBS = "Deploy Rotate Restore Migrate Review Renew Drain Promote Retire Audit Rebuild Reconcile".split()
THINGS = "the payment gateway,the search index,the ledger,the edge certificates,the support queue,the replica set,the image registry,the build farm".split(",")
CLASSES = ["technical", "human", "scale", "dependency"]
SECTION = 50
SYSTEMS = 20


def prose(rng, words):
    sentences, left = [], words
    while left > 0:
        length = min(left, rng.randint(8, 17))
        sentence = " ".join(rng.choice(WORDS) for _ in range(length))
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        left -= length
    return " ".join(sentences)


def title(number):
    return f"{VERBS[number % len(VERBS)]} {THINGS[number // 3 % len(THINGS)]} {number}"


def process(number, of):
    rng = random.Random(number)
    return {
        "number": number,
        "title": title(number),
        "intent": prose(rng, 25),
        "steps": [(f"{rng.choice(VERBS)} {rng.choice(THINGS)} {step}", prose(rng, 60)) for step in range(1, 8)],
        "modes": [(f"{rng.choice(THINGS).capitalize()} {rng.choice(['stops', 'is slow', 'refuses', 'is full', 'is forgotten'])} {mode}",
                   CLASSES[mode % 4], prose(rng, 12), prose(rng, 10), prose(rng, 22)) for mode in range(8)],
        "links": [(other, title(other)) for other in (rng.randrange(of) for _ in range(5))],
        "rows": [(rng.choice(WORDS), rng.randint(1, 900), prose(rng, 6)) for _ in range(4)],
        "command": "\n".join(f"kubectl --context {rng.choice(WORDS)} rollout status deploy/{rng.choice(WORDS)}-{number} --timeout={n}m" for n in range(1, 5)),
        "file": "\n".join(f"{rng.choice(WORDS)}_{n}:\n  replicas: {rng.randint(1, 9)}\n  image: \"registry/{rng.choice(WORDS)}:{number}\"" for n in range(4)),
    }


def common(p, link):
    table = "\n".join(f"| {word} | {value} | {text} |" for word, value, text in p["rows"])
    links = "\n".join(f"- [{title}]({link(number)})" for number, title in p["links"])
    return f"""## Surroundings

| what | how many | why |
|---|---:|---|
{table}

{links}
- [upstream](https://upstream.example/{p["number"]})
"""


def steps(p, level, extra=lambda step: ""):
    out = []
    for step, (title, text) in enumerate(p["steps"], 1):
        code = {2: f"\n```bash\n{p['command']}\n```\n", 5: f"\n```yaml\n{p['file']}\n```\n"}.get(step, "")
        out.append(f"{level} {title}\n\n{text}\n{code}{extra(step)}")
    return "\n".join(out)


def section(number):
    return f"s{number // SECTION:03}"


def forewarn(p):
    block = lambda step: '\n```step\nactor = "automation"\nminutes = 3\nrole = "lead"\n```\n' if step == 3 else ""
    of = lambda kind: f'of = "system-{p["number"] % SYSTEMS}"\n' if kind == "dependency" else ""
    modes = "\n".join(f'```failure\ntitle = "{title}"\nclass = "{kind}"\n{of(kind)}cause = "{cause}"\ndetect = "{detect}"\nrecover = "{recover}"\n```\n'
                      for title, kind, cause, detect, recover in p["modes"])
    link = lambda number: f"../{section(number)}/process-{number}.md"
    return f"""```page
kind = "process"
title = "{p["title"]}"
owner = "lead"
```

{p["intent"]}

## Steps

{steps(p, "###", block)}
{common(p, link)}
## Failure modes

{modes}"""


def plain(p, link):
    modes = "\n".join(f"### {title}\n\n- Class: {kind}\n- Cause: {cause}\n- Detection: {detect}\n- Recovery: {recover}\n"
                      for title, kind, cause, detect, recover in p["modes"])
    return f'{p["intent"]}\n\n## Steps\n\n{steps(p, "###")}\n{common(p, link)}\n## Failure modes\n\n{modes}'


HUGO = {
    "hugo.toml": 'baseURL = "https://handbook.example/"\ntitle = "Handbook"\ndisableKinds = ["taxonomy", "term", "RSS"]\n[markup.highlight]\nnoClasses = false\n',
    # The sidebar is made once for each section: the quick way.
    "layouts/_default/baseof.html": '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>{{ partialCached "side.html" . .Section }}<main>{{ block "main" . }}{{ end }}</main></body></html>\n',
    "layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}{{ end }}\n',
    "layouts/_default/list.html": '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}\n',
    "layouts/partials/side.html": '<nav><ul>{{ range .Site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul><ul>{{ with .CurrentSection }}{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}{{ end }}</ul></nav>\n',
}

# The sidebar is read from data, a file for each section, which is quicker than asking Zola for the section.
ZOLA_TOP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><nav>
{%- set sections = load_data(path="nav/sections.json") -%}
<ul>{% for name in sections %}<li><a href="/{{ name }}/">{{ name }}</a></li>{% endfor %}</ul>
{%- if section_name %}{% set pages = load_data(path="nav/" ~ section_name ~ ".json") -%}
<ul>{% for page in pages %}<li><a href="/{{ section_name }}/process-{{ page.number }}/">{{ page.title }}</a></li>{% endfor %}</ul>
{%- endif %}</nav><main><h1>{{ title }}</h1>
"""
ZOLA = {
    "config.toml": """base_url = "https://handbook.example"
title = "Handbook"
build_search_index = SEARCH
[markdown.highlighting]
style = "class"
light_theme = "github-light"
dark_theme = "github-dark"
""",
    "templates/top.html": ZOLA_TOP,
    "templates/page.html": """{% set title = page.title %}{% set section_name = page.components | first %}{% include "top.html" -%}
<nav><ul>{% for heading in page.toc %}<li><a href="{{ heading.permalink }}">{{ heading.title }}</a><ul>{% for under in heading.children -%}
<li><a href="{{ under.permalink }}">{{ under.title }}</a></li>{% endfor %}</ul></li>{% endfor %}</ul></nav>{{ page.content | safe }}</main></body></html>
""",
    "templates/section.html": """{% set title = section.title %}{% set section_name = section.components | first %}{% include "top.html" -%}
<ul>{% for page in section.pages %}<li><a href="{{ page.path }}">{{ page.title }}</a></li>{% endfor %}</ul></main></body></html>
""",
    "templates/index.html": """{% set title = config.title %}{% set section_name = "" %}{% include "top.html" %}</main></body></html>
""",
}

# One page that has all pages, for printing, would double the work.
MDBOOK = {
    "book.toml": """[book]
title = "Handbook"
[output.html.print]
enable = false
[output.html.search]
enable = SEARCH
""",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--format", choices=["forewarn", "hugo", "zola", "zola-search", "mdbook", "mdbook-search", "plain"], required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    def write(path, text):
        path = os.path.join(options.out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    form, _, search = options.format.partition("-")
    sections = {}
    for number in range(options.processes):
        sections.setdefault(section(number), []).append(number)
    if form == "forewarn":
        write("forewarn.toml", 'title = "Handbook"\n[roles.lead]\ntitle = "Lead"\n')
        write("content/index.md", "# Handbook\n\nA handbook to measure with.\n")
        for system in range(SYSTEMS):
            write(f"content/systems/system-{system}.md", f'```page\nkind = "system"\ntitle = "System {system}"\nowner = "lead"\n```\n')
    for path, text in {"hugo": HUGO, "zola": ZOLA, "mdbook": MDBOOK}.get(form, {}).items():
        write(path, text.replace("SEARCH", "true" if search else "false"))
    if form == "zola":
        write("nav/sections.json", json.dumps(list(sections)))
        for name, numbers in sections.items():
            write(f"nav/{name}.json", json.dumps([{"number": number, "title": title(number)} for number in numbers]))
            write(f"content/{name}/_index.md", f'+++\ntitle = "{name}"\n+++\n')
    if form == "mdbook":
        summary = ["# Summary\n"]
        for name, numbers in sections.items():
            summary.append(f"- [{name}]({name}/index.md)")
            summary.extend(f"  - [{title(number)}]({name}/process-{number}.md)" for number in numbers)
            write(f"src/{name}/index.md", f"# {name}\n\n" + "".join(f"- [{title(number)}](process-{number}.md)\n" for number in numbers))
        write("src/SUMMARY.md", "\n".join(summary) + "\n")
    for number in range(options.processes):
        p, path = process(number, options.processes), f"{section(number)}/process-{number}.md"
        front = f'+++\ntitle = "{p["title"]}"\n+++\n\n'
        if form == "forewarn":
            write(f"content/{path}", forewarn(p))
        elif form == "hugo":
            write(f"content/{path}", front + plain(p, lambda n: f"/{section(n)}/process-{n}/"))
        elif form == "zola":
            write(f"content/{path}", front + plain(p, lambda n: f"@/{section(n)}/process-{n}.md"))
        else:
            write(f"{'src' if form == 'mdbook' else 'content'}/{path}", f'# {p["title"]}\n\n{plain(p, lambda n: f"../{section(n)}/process-{n}.md")}')


if __name__ == "__main__":
    main()
