"""Writes the same handbook for forewarn, for Hugo, and as plain Markdown. Same arguments, same bytes; page i is the same for every size.

    tests/bench/corpus.py --processes 1000 --format forewarn --out /tmp/handbook

A process has some 950 words: seven steps with a command and a configuration file among them, a table, links to five others, and eight
failure modes, two of each class. forewarn gets steps and failure modes as declarations; the others get the same words as headings and lists.
"""
import argparse
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


def process(number, of):
    rng = random.Random(number)
    name = lambda n: f"{VERBS[n % len(VERBS)]} {THINGS[n // 3 % len(THINGS)]} {n}"
    return {
        "number": number,
        "title": name(number),
        "intent": prose(rng, 25),
        "steps": [(f"{rng.choice(VERBS)} {rng.choice(THINGS)} {step}", prose(rng, 60)) for step in range(1, 8)],
        "modes": [(f"{rng.choice(THINGS).capitalize()} {rng.choice(['stops', 'is slow', 'refuses', 'is full', 'is forgotten'])} {mode}",
                   CLASSES[mode % 4], prose(rng, 12), prose(rng, 10), prose(rng, 22)) for mode in range(8)],
        "links": [(other, name(other)) for other in (rng.randrange(of) for _ in range(5))],
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--format", choices=["forewarn", "hugo", "plain"], required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    def write(path, text):
        path = os.path.join(options.out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    if options.format == "forewarn":
        write("forewarn.toml", 'title = "Handbook"\n[roles.lead]\ntitle = "Lead"\n')
        write("content/index.md", "# Handbook\n\nA handbook to measure with.\n")
        for system in range(SYSTEMS):
            write(f"content/systems/system-{system}.md", f'```page\nkind = "system"\ntitle = "System {system}"\nowner = "lead"\n```\n')
    if options.format == "hugo":
        for path, text in HUGO.items():
            write(path, text)
    for number in range(options.processes):
        p, path = process(number, options.processes), f"content/{section(number)}/process-{number}.md"
        if options.format == "forewarn":
            write(path, forewarn(p))
        elif options.format == "hugo":
            write(path, f'+++\ntitle = "{p["title"]}"\n+++\n\n{plain(p, lambda n: f"/{section(n)}/process-{n}/")}')
        else:
            write(path, f'# {p["title"]}\n\n{plain(p, lambda n: f"../{section(n)}/process-{n}.md")}')


if __name__ == "__main__":
    main()
