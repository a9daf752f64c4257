"""Files beside the pages: sitemap, robots, llms.txt, Markdown, the catalogue."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from builds import contents
from hostile import BASE, WORDS, add_front_matter, make_hostile, plain, title_of
from jsonschema import Draft202012Validator
from lxml import etree, html
from markdown_it import MarkdownIt
from sphinx_stepwise.core.content.export import SCHEMA
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site
    from sphinx_stepwise.core.content.navigation import Navigation

HAS_BASE = ("-D", f"html_baseurl={BASE}")
MARKDOWN = MarkdownIt("commonmark").enable("table")
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
#: The only HTML that our Markdown holds: the end of a line, and of a list.
OUR_HTML = {"<br>", "<!-- -->\n"}


def navigation_of(root: Path) -> Navigation:
    return check_project(load_project(root))[0]


def read(built: Result, name: str) -> str:
    return (built.out / name).read_text("utf-8")


# The sitemap and robots.txt


def sitemap(built: Result) -> dict[str, str | None]:
    """Return addresses, without the site's own, and days of the last change."""
    root = etree.fromstring((built.out / "sitemap.xml").read_bytes())
    assert root.tag == f"{{{SITEMAP['s']}}}urlset"
    return {
        url.findtext("s:loc", None, SITEMAP).removeprefix(f"{BASE}/"): url.findtext(
            "s:lastmod", None, SITEMAP
        )
        for url in root
    }


def test_sitemap_holds_every_page_once(real_site: Site) -> None:
    found = sitemap(real_site.built)
    pages = list(real_site.navigation.walk())
    assert list(found) == [f"{page.docname}.html" for page in pages]
    assert list(found.values()) == [page.data["last_reviewed"] for page in pages]


def test_sitemap_leaves_out_what_is_not_for_searching(
    baking: Path, builder: Builder
) -> None:
    draft = baking / "source/bake/secret.md"
    shape = (baking / "source/bake/shape.md").read_text()
    draft.write_text(shape.replace("title: Shape", "title: Hide"))
    add_front_matter(draft, "status: draft")
    add_front_matter(baking / "source/prepare/weigh.md", "redirect_from: [old/weigh]")
    schema = baking / "schemas/page.schema.json"
    text = schema.read_text().replace('"kind": {', '"myst": {}, "kind": {', 1)
    schema.write_text(text)
    hidden = "myst: {html_meta: {robots: 'noindex, follow'}}"
    add_front_matter(baking / "source/ovens.md", hidden)
    built = builder(baking, "html", *HAS_BASE)
    assert built.code == 0, built.warnings
    robots = built.tree("ovens").xpath("//meta[@name='robots']/@content")
    assert robots == ["noindex, follow"]
    assert list(sitemap(built)) == [
        "index.html",
        "welcome.html",
        "prepare/index.html",
        "prepare/weigh.html",
        "prepare/knead.html",
        "prepare/prove.html",
        "bake/index.html",
        "bake/shape.html",
        "bake/bake-it.html",
        "courses/index.html",
        "courses/quick.html",
        "courses/thorough.html",
    ]


def test_last_change_is_the_latest_day_that_the_page_tells(
    baking: Path, builder: Builder
) -> None:
    knead = baking / "source/prepare/knead.md"
    add_front_matter(knead, "reviewed: 2026-11-01\nagain: 2 years")
    welcome = baking / "source/welcome.md"
    add_front_matter(welcome, "published: 2026-10-01\nreviewed: 2026-09-01")
    add_front_matter(welcome, "changes: [{date: 2026-10-20, what: x}]")
    found = sitemap(builder(baking, "html", *HAS_BASE))
    assert found["prepare/knead.html"] == "2026-11-01"
    assert found["welcome.html"] == "2026-10-20"
    assert found["ovens.html"] is None


@pytest.mark.long
def test_addresses_are_those_of_the_builder(baking: Path, builder: Builder) -> None:
    (baking / "source/prepare/über a.md").write_text(
        "---\nkind: step\ntitle: Over\n---\n\n## Do\n\nIt.\n\n## Watch out\n\nUp.\n"
    )
    stage = baking / "source/prepare/index.md"
    stage.write_text(
        stage.read_text()
        .replace("[weigh,", "['über a', weigh,")
        .replace("steps: 3", "steps: 4")
    )
    home = baking / "source/index.md"
    home.write_text(home.read_text().replace("steps: 5", "steps: 6"))
    addresses = {
        "html": "prepare/%C3%BCber%20a.html",
        "dirhtml": "prepare/%C3%BCber%20a/",
    }
    for name, address in addresses.items():
        built = builder(baking, name, *HAS_BASE)
        assert address in sitemap(built)
        document = json.loads(read(built, "toolkit.json"))
        (page,) = [p for p in document["pages"] if p["id"] == "über a"]
        assert page["address"] == address
        assert (built.out / unquote(page["markdown"])).is_file()


def test_robots_leads_to_the_sitemap(baking: Path, builder: Builder) -> None:
    built = builder(baking, "html", "-D", f"html_baseurl={BASE}/")
    lines = read(built, "robots.txt").splitlines()
    assert lines == ["User-agent: *", "Allow: /", "", f"Sitemap: {BASE}/sitemap.xml"]


def test_files_that_need_an_address_are_not_there_without_one(
    baking: Path, builder: Builder
) -> None:
    def names(built: Result) -> set[str]:
        assert built.code == 0
        assert not built.warnings
        return {f.name for f in built.out.iterdir() if f.suffix in {".xml", ".txt"}}

    assert names(builder(baking)) == {"llms.txt"}
    found = names(builder(baking, "html", *HAS_BASE))
    assert found == {"llms.txt", "robots.txt", "sitemap.xml"}
    assert names(builder(baking)) == {"llms.txt"}


@pytest.mark.long
def test_file_of_the_toolkit_itself_wins(baking: Path, builder: Builder) -> None:
    (baking / "extra").mkdir()
    (baking / "extra/robots.txt").write_text("User-agent: *\nDisallow: /\n")
    (baking / "llms.txt").write_text("# Ours\n")
    conf = baking / "conf.py"
    conf.write_text(f"{conf.read_text()}\nhtml_extra_path = ['extra', 'llms.txt']\n")
    for _ in range(2):
        built = builder(baking, "html", *HAS_BASE)
        assert read(built, "robots.txt").endswith("Disallow: /\n")
        assert read(built, "llms.txt") == "# Ours\n"
    assert builder(baking).code == 0
    assert read(built, "robots.txt").endswith("Disallow: /\n")


def test_unchanged_files_are_not_written_again(baking: Path, builder: Builder) -> None:
    out = builder(baking, "html", *HAS_BASE).out
    files = ["sitemap.xml", "robots.txt", "llms.txt", "toolkit.json", SCHEMA.name]
    before = [(out / name).stat().st_mtime_ns for name in files]
    builder(baking, "html", *HAS_BASE)
    assert [(out / name).stat().st_mtime_ns for name in files] == before


# llms.txt


def sections(text: str) -> dict[str, list[str]]:
    """Return the headings of the second level with the addresses below them."""
    found: dict[str, list[str]] = {}
    heading = ""
    tokens = MARKDOWN.parse(text)
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading = token.content if before.tag == "h2" else ""
        for child in token.children or ():
            if child.type == "link_open":
                found.setdefault(heading, []).append(str(child.attrs["href"]))
    return found


def test_llms_txt_has_the_form_that_is_asked_for(real_site: Site) -> None:
    """A title, a summary in a quotation, sections that are lists of links."""
    text = read(real_site.built, "llms.txt")
    home = real_site.navigation.home
    assert home
    assert text.startswith(f"# {home.title}\n\n> {home.summary}\n\n")
    assert len(re.findall(r"(?m)^# ", text)) == 1
    for section in re.split(r"(?m)^## .*\n", text)[1:]:
        lines = section.strip().split("\n")
        assert all(re.match(r"- \[.+\]\(\S+\)(: .+)?$", line) for line in lines)


def test_llms_txt_leads_to_every_page(real_site: Site) -> None:
    navigation = real_site.navigation
    found = sections(read(real_site.built, "llms.txt"))
    for track in (*navigation.stages, *navigation.guidebooks):
        assert found[track.page.title] == [
            f"{BASE}/{page.docname}.md" for page in (track.page, *track.steps)
        ]
    every = {address for section in found.values() for address in section}
    assert every == {
        f"{BASE}/toolkit.json",
        *(f"{BASE}/{page.docname}.md" for page in navigation.walk()),
    }


def test_llms_txt_leads_to_files_without_an_address(
    baking: Path, builder: Builder
) -> None:
    built = builder(baking)
    found = sections(read(built, "llms.txt"))
    assert list(found) == [
        "",
        *("Prepare", "Bake", "Bread in a hurry", "Bread with care", "Other pages"),
    ]
    for address in (a for section in found.values() for a in section):
        assert (built.out / address).is_file()


# The catalogue


def catalogue(built: Result) -> dict[str, Any]:
    document = json.loads(read(built, "toolkit.json"))
    schema = json.loads(read(built, SCHEMA.name))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(schema, format_checker=checker).validate(document)
    assert (built.out / document["$schema"]).is_file()
    return dict(document)


def test_catalogue_schema_is_sound_and_tells_all() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)

    def parts(part: Any) -> list[dict[str, Any]]:
        found = [*part.get("properties", {}).values(), *part.get("$defs", {}).values()]
        found += [part["items"]] if "items" in part else []
        return found + [deeper for inner in found for deeper in parts(inner)]

    every = parts(schema)
    assert len(every) > 30
    assert all("description" in part or "$ref" in part for part in every)


def test_catalogue_holds_every_page_once_in_order(real_site: Site) -> None:
    navigation = real_site.navigation
    document = catalogue(real_site.built)
    assert document["address"] == f"{BASE}/"
    assert document["language"] == "en-GB"
    pages = list(navigation.walk())
    assert [page["id"] for page in document["pages"]] == [page.id for page in pages]
    assert len({page["address"] for page in document["pages"]}) == len(pages)
    for told, page in zip(document["pages"], pages, strict=True):
        parents = navigation.parents(page)
        assert told["parent"] == (parents[-1].id if parents else None)
        assert (told["title"], told["summary"]) == (page.title, page.summary)
        assert told["properties"] == page.data
        assert told["reviewed"] == page.data["last_reviewed"]
        for name in ("address", "markdown"):
            assert (real_site.built.out / told[name]).is_file()
    for kind, tracks in (
        ("stages", navigation.stages),
        ("guidebooks", navigation.guidebooks),
    ):
        assert [
            (t["page"], [s["step"] for s in t["steps"]]) for t in document[kind]
        ] == [(track.page.id, [step.id for step in track.steps]) for track in tracks]


def test_catalogue_holds_every_record_where_it_is(real_site: Site) -> None:
    known = real_site.navigation.catalogue
    document = catalogue(real_site.built)
    told = [(record["kind"], record["id"]) for record in document["records"]]
    assert told == [record.key for record in known.records]
    places = {
        f"{page.docname}.html#{anchor}"
        for page in real_site.navigation.walk()
        for anchor in real_site.built.tree(page.docname).xpath("//@id")
    }
    anchors = {place.partition("#")[2] for place in places}
    own = filter(None, map(known.own_page, known.records))
    places |= {f"{page.docname}.html" for page in own}
    for record in document["records"]:
        if record["address"]:
            assert record["address"] in places
        else:  # no page lists it
            assert f"{record['kind']}-{record['id']}" not in anchors
    assert sum(bool(record["address"]) for record in document["records"]) > 500


def test_catalogue_holds_every_reference(real_site: Site) -> None:
    navigation = real_site.navigation
    document = catalogue(real_site.built)
    keys = {(item["kind"], item["id"]) for item in document["pages"]}
    keys |= {(item["kind"], item["id"]) for item in document["records"]}
    found = [
        tuple(reference[end][key] for end in ("from", "to") for key in ("kind", "id"))
        for reference in document["references"]
    ]
    assert {end for kind, id_, *_ in found for end in [(kind, id_)]} <= keys
    assert {end for *_, kind, id_ in found for end in [(kind, id_)]} <= keys
    assert len(found) == len(navigation.catalogue.references)  # none is broken


def test_catalogue_leaves_out_drafts_and_what_leads_to_them(
    baking: Path, builder: Builder
) -> None:
    add_front_matter(baking / "source/prepare/prove.md", "status: draft")
    add_front_matter(baking / "source/prepare/weigh.md", "redirect_from: [old/weigh]")
    document = catalogue(builder(baking))
    assert "prove" not in [page["id"] for page in document["pages"]]
    assert "prove" not in json.dumps([document["references"], document["stages"]])
    assert document["redirects"] == [{"from": "old/weigh", "to": "prepare/weigh.html"}]


def test_catalogue_of_a_broken_toolkit_is_sound(baking: Path, builder: Builder) -> None:
    (baking / "source/bake/index.md").write_text("---\nkind: [\n---\n")
    built = builder(baking)
    assert built.code == 1
    document = catalogue(built)
    assert "bake" not in [stage["page"] for stage in document["stages"]]
    assert "shape" not in [page["id"] for page in document["pages"]]


# Markdown


def rendered(built: Result, docname: str) -> Any:
    """Return a page's Markdown as HTML; what it holds of HTML itself is ours."""
    text = read(built, f"{docname}.md")
    for token in MARKDOWN.parse(text):
        for part in [token, *(token.children or ())]:
            if part.type.startswith("html"):
                assert part.content in OUR_HTML
    return html.fromstring(MARKDOWN.render(text))


def squeezed(text: str) -> str:
    """Return *text* without spaces: lines are broken elsewhere."""
    return "".join(text.split())


def check_words(built: Result, docname: str, file: str) -> None:
    """Every heading, paragraph and cell of the page stands in its Markdown."""
    (section,) = built.tree(file).xpath("//section[h1]")
    for extra in section.xpath(
        ".//*[@role='tooltip'] | .//a[@class='headerlink'] | .//script"
    ):
        extra.drop_tree()
    twin = rendered(built, docname)
    text = squeezed(twin.text_content())
    for block in section.xpath(".//p | .//dt | .//pre"):
        assert squeezed(block.text_content()) in text
    for level in ("h1", "h2", "h3", "h4"):
        said = [squeezed(h.text_content()) for h in section.xpath(f".//{level}")]
        assert [squeezed(h.text_content()) for h in twin.xpath(f"//{level}")] == said


def check_links(built: Result, navigation: Navigation) -> int:
    """Every link of every page's Markdown leads to a file, and to a place in it."""
    ids: dict[str, set[str]] = {}
    count = 0
    for page in navigation.walk():
        for address in rendered(built, page.docname).xpath("//a/@href | //img/@src"):
            if address.startswith(("http", "mailto:")):
                continue
            count += 1
            target, place = urldefrag(urljoin(f"/{page.docname}.md", address))
            path = unquote(target).removeprefix("/")
            if path.endswith("/") or not path:
                path += "index.html"
            assert (built.out / path).is_file(), address
            if place:
                if path not in ids:
                    tree = html.parse(str(built.out / path)).getroot()
                    ids[path] = set(tree.xpath("//@id"))
                assert unquote(place) in ids[path], address
    return count


def test_every_page_is_there_as_markdown(real_site: Site) -> None:
    for page in real_site.navigation.walk():
        check_words(real_site.built, page.docname, page.docname)
        tree = real_site.built.tree(page.docname)
        (twin,) = tree.xpath("//link[@type='text/markdown']/@href")
        path = urljoin(f"/{page.docname}.html", twin)
        assert path == f"/{page.docname}.md"


@pytest.mark.long
def test_links_of_the_markdown_lead_somewhere(real_site: Site) -> None:
    assert check_links(real_site.built, real_site.navigation) > 1000


def test_markdown_beside_folders(baking: Path, builder: Builder) -> None:
    navigation = navigation_of(baking)
    built = builder(baking, "dirhtml")
    check_words(built, "bake/bake-it", "bake/bake-it/index")
    assert check_links(built, navigation) > 50
    tree = built.tree("bake/bake-it/index")
    assert tree.xpath("//link[@type='text/markdown']/@href") == ["../bake-it.md"]


PAGE = r"""
Words *in italics*, **in bold**, ``in `code` `` and [to another page](prepare/knead.md).

[A download](data/ovens.yml), [another site](<https://example.org/a (b)?c=[d]>) and
![A picture](dot.gif).

1. One

   ````yaml
   a: |
     ```

     b
   ````
2. Two
   - nested
   - twice

* A list
* of its own

+ and another

> Said by
>
> somebody

| a | b |
| - | - |
| `\|` \| | c |

:::{warning}
Hot.
:::

***

A line\
broken, and <b>HTML</b> &amp; &lt;b&gt;.

Flour
: What is ground

  And sieved

Use {oven}`camp`.
"""
TWIN = r"""
Words *in italics*, **in bold**, `` in `code` `` and [to another page](prepare/knead.md).

[A download](_downloads/HASH/ovens.yml), [another site](https://example.org/a%20%28b%29?c=%5Bd%5D) and ![A picture](_images/dot.gif).

1. One

   ````yaml
   a: |
     ```

     b
   ````

2. Two
   - nested
   - twice

<!-- -->

- A list
- of its own

<!-- -->

- and another

> Said by
>
> somebody

| a | b |
| --- | --- |
| `\|` \| | c |

> **Warning**
>
> Hot.

---

A line broken, and HTML & \<b>.

- **Flour**: What is ground

  And sieved

Use [Camp oven?](OVENS#oven-camp "Nobody here has seen it.").
"""  # noqa: E501
#: The smallest picture.
DOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


def test_every_part_of_a_page_has_its_markdown(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    page.write_text(page.read_text() + PAGE)
    (baking / "source/dot.gif").write_bytes(DOT)
    conf = baking / "conf.py"
    extensions = 'myst_enable_extensions = ["colon_fence", "deflist"]'
    conf.write_text(f"{conf.read_text()}\n{extensions}\n")
    for name, ovens in (("html", "ovens.html"), ("dirhtml", "ovens/")):
        built = builder(baking, name)
        assert built.code == 0, built.warnings
        check_links(built, navigation_of(baking))
        text = re.sub("[0-9a-f]{32}", "HASH", read(built, "welcome.md"))
        assert TWIN.replace("OVENS", ovens) in text


def test_hostile_words_are_words(baking: Path, builder: Builder) -> None:
    make_hostile(baking)
    built = builder(baking)
    assert built.code == 0, built.warnings
    expected = squeezed(WORDS.replace("\x07", ""))
    for docname in ("index", "prepare/knead", "courses/quick", "ovens"):
        twin = rendered(built, docname)
        text = squeezed(twin.text_content().replace("\x07", ""))
        assert squeezed(title_of(docname).replace("\x07", "")) in text
        assert expected in text
        assert not twin.xpath("//script")
        assert not twin.xpath("//a[starts-with(@href, 'javascript')]")
    llms = read(built, "llms.txt").replace("\x07", "")
    assert plain(html.fromstring(MARKDOWN.render(llms)).xpath("string(//h1)")) == plain(
        title_of("index").replace("\x07", "")
    )
    assert "html_inline" not in {
        part.type for token in MARKDOWN.parse(llms) for part in token.children or ()
    }
    pages = {page["id"]: page for page in catalogue(built)["pages"]}
    assert pages["knead"]["properties"]["title"] == title_of("prepare/knead")
    assert pages["knead"]["changes"] == [{"date": "2026-11-20", "what": plain(WORDS)}]
    assert len(sitemap(built)) == len(pages)


# Nothing is stale


@pytest.mark.long
def test_each_build_equals_a_clean_one(baking: Path, builder: Builder) -> None:
    """With drafts, old addresses and an address of the site."""
    knead, prove = (baking / f"source/prepare/{name}.md" for name in ("knead", "prove"))

    def edit(page: Path, old: str, new: str) -> None:
        assert old in page.read_text()
        page.write_text(page.read_text().replace(old, new))

    def mark() -> None:
        add_front_matter(knead, "status: draft")
        edit(baking / "source/courses/quick.md", "Hotter", "Cooler")

    def unmark() -> None:
        edit(knead, "status: draft", "redirect_from: [old]")
        edit(baking / "source/data/ovens.yml", "Deck oven", "Deck")

    def break_() -> None:
        knead.rename(knead.with_name("push.md"))
        edit(prove, "title: Let it prove", "titel: Let it prove")

    builder(baking, "html", *HAS_BASE)
    for step, options in [
        (mark, HAS_BASE),
        (unmark, HAS_BASE),
        (break_, HAS_BASE),
        (prove.unlink, ()),
    ]:
        step()
        kept = contents(builder(baking, "html", *options).out)
        fresh = contents(builder(baking, "html", *options, fresh=True).out)
        kept.pop(".buildinfo.bak", None)  # Sphinx keeps it where a setting changed
        assert kept.keys() == fresh.keys()
        assert [name for name in kept if kept[name] != fresh[name]] == []
