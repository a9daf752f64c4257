"""Feedback goes where conf.py says, with what belongs to it, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from builds import contents
from hostile import BASE, WORDS, make_hostile, plain, title_of

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site

FORM = "https://forms.example.org/f{page}?p={page}&t={title}&u={url}&a b={answer}"
POST = {"post": "https://answers.example.org/new?a=1&b=2"}
MAIL = "mailto:bakers@example.org"


def set_feedback(root: Path, setting: Any, theme: str = "stepwise") -> None:
    conf = root / "conf.py"
    text = conf.read_text("utf-8").replace('"alabaster"', f'"{theme}"')
    conf.write_text(f"{text}\nstepwise_feedback = {setting!r}\n", "utf-8")


def feedback(built: Result, docname: str = "prepare/knead") -> Any:
    (found,) = built.tree(docname).xpath("//main/section[@class='feedback']")
    return found


def words(element: Any) -> str:
    return plain(element.text_content())


# What is shown


def test_nothing_set_shows_nothing(real_site: Site) -> None:
    for file in real_site.built.out.rglob("*.html"):
        text = file.read_text("utf-8")
        assert 'class="feedback"' not in text, file
        assert "_static/feedback." not in text, file


def test_addresses_hold_what_they_ask_for(baking: Path, builder: Builder) -> None:
    comment = "https://forms.example.org/?v={version}&l={language}&p={page}%26"
    set_feedback(baking, {"useful": FORM, "comment": comment})
    built = builder(baking, "html", "-D", f"html_baseurl={BASE}")
    assert built.code == 0, built.warnings
    yes, no, write = feedback(built).xpath(".//a")
    assert [words(link) for link in (yes, no, write)] == [
        "Yes (this page was useful)",
        "No (this page was not useful)",
        "Comment on this page",
    ]
    for link, answer in ((yes, "yes"), (no, "no")):
        address = urlsplit(link.get("href"))
        assert address.path == "/fknead"
        assert parse_qs(address.query) == {
            "p": ["knead"],
            "t": ["Knead the dough"],
            "u": [f"{BASE}/prepare/knead.html"],
            "a b": [answer],
        }
        assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    assert write.get("href") == "https://forms.example.org/?v=1&l=en&p=knead%26"
    assert "forms.example.org" in words(feedback(built))
    # It stands after all else on the page, of every page of the toolkit and no other.
    assert feedback(built).getnext() is None
    with_it = {
        file.relative_to(built.out).as_posix()
        for file in built.out.rglob("*.html")
        if "_static/feedback.js" in file.read_text("utf-8")
    }
    every = {
        file.relative_to(baking / "source").with_suffix(".html").as_posix()
        for file in (baking / "source").rglob("*.md")
    }
    assert with_it == every


def test_a_mail_is_begun(baking: Path, builder: Builder) -> None:
    asked = f"{MAIL}?subject=About {{title}}: {{page}}"
    set_feedback(baking, {"useful": MAIL, "comment": asked})
    built = builder(baking)
    yes, _no, write = (link.get("href") for link in feedback(built).xpath(".//a"))
    address, _, query = yes.partition("?")
    assert address == MAIL
    assert "+" not in query  # a mail program would show it
    letter = {name: value for name, (value,) in parse_qs(query).items()}
    assert letter["subject"] == "Was this page useful? yes: Knead the dough"
    lines = letter["body"].strip().split("\r\n")
    assert lines == [
        "page: knead",
        "url: prepare/knead.html",
        "version: 1",
        "language: en",
    ]
    assert write == f"{MAIL}?subject=About%20Knead%20the%20dough:%20knead"
    assert not feedback(built).xpath(".//a[@target]")


def test_a_form_is_complete_without_a_script(baking: Path, builder: Builder) -> None:
    set_feedback(baking, {"useful": POST, "comment": {"post": "/answers"}})
    built = builder(baking)
    useful, comment = feedback(built).xpath(".//form")
    for form, action in ((useful, POST["post"]), (comment, "/answers")):
        assert (form.get("method"), form.get("action")) == ("post", action)
        hidden = form.xpath("./input[@type='hidden']")
        assert {i.get("name"): i.get("value") for i in hidden} == {
            "page": "knead",
            "title": "Knead the dough",
            "url": "prepare/knead.html",
            "version": "1",
            "language": "en",
        }
    buttons = useful.xpath(".//button[@type='submit']")
    assert [(b.get("name"), b.get("value")) for b in buttons] == [
        ("answer", "yes"),
        ("answer", "no"),
    ]
    assert comment.xpath(".//label/textarea/@name") == ["comment"]
    assert len(comment.xpath(".//button[@type='submit' and not(@hidden)]")) == 1


def test_hostile_words_stay_in_their_place(baking: Path, builder: Builder) -> None:
    make_hostile(baking)
    set_feedback(baking, {"useful": FORM, "comment": POST})
    built = builder(baking)
    title = title_of("prepare/knead")
    place = feedback(built)
    query = parse_qs(urlsplit(place.xpath(".//a/@href")[0]).query)
    assert plain(query["t"][0]) == plain(title)
    assert query["p"] == ["knead"]
    (field,) = place.xpath(".//input[@name='title']/@value")
    assert plain(field.replace("\ufffd", "\x07")) == plain(title)
    assert not built.tree("prepare/knead").xpath("//script[not(@src or @type)]")
    assert plain(WORDS) not in words(place)


# Settings that cannot be meant


@pytest.mark.parametrize(
    ("setting", "hints"),
    [
        ({"usefull": MAIL}, ["`usefull`", "`useful`"]),
        ({"comment": ""}, ["mailto:"]),
        ({"comment": "bakers@example.org"}, ["mailto:name@example.org"]),
        ({"comment": "mailto:nobody"}, ["mailto:"]),
        ({"comment": "javascript:alert({page})"}, ["https://"]),
        ({"comment": "https://[x]/{page}"}, ["https://"]),
        ({"comment": "https://example.org/{pge}{page}"}, ["`{pge}`", "`page`"]),
        ({"comment": "https://example.org/{page}}"}, ["%7D"]),
        ({"comment": "https://example.org/"}, ["{page}", "{url}", "{title}"]),
        ({"comment": "https://example.org/{page}{answer}"}, ["{answer}"]),
        ({"useful": "https://example.org/{page}"}, ["{answer}"]),
        ({"useful": f"{MAIL}?subject={{title}}"}, ["{answer}"]),
        ({"useful": {"post": "answers"}}, ["https://"]),
        ({"useful": {"post": "//example.org"}}, ["https://"]),
        ({"useful": {"post": "/a", "get": "/b"}}, ["post"]),
        ({"useful": {"post": "/a?{page}"}}, ["placeholders"]),
        ({"useful": 1, "comment": ["x"]}, ["`useful`", "`comment`", "post"]),
    ],
)
def test_settings_that_lead_nowhere_stop_the_build(
    baking: Path, builder: Builder, setting: Any, hints: list[str]
) -> None:
    set_feedback(baking, setting)
    built = builder(baking)
    assert built.code == 2
    faults = built.warnings.count("conf.py: `stepwise_feedback`: ")
    assert faults == built.warnings.count("[stepwise.settings]") == len(setting)
    for hint in hints:
        assert hint in built.warnings


# Other themes and formats, and builds that are like clean ones


@pytest.mark.parametrize(
    ("theme", "name"), [("alabaster", "html"), ("stepwise", "epub")]
)
def test_elsewhere_nothing_is_asked(
    baking: Path, builder: Builder, theme: str, name: str
) -> None:
    set_feedback(baking, {"useful": POST, "comment": MAIL}, theme)
    built = builder(baking, name)
    assert built.code == 0, built.warnings
    for file in [*built.out.rglob("*.html"), *built.out.rglob("*.xhtml")]:
        text = file.read_text("utf-8")
        assert "answers.example.org" not in text, file
        assert MAIL not in text, file
        assert "feedback" not in text, file


def test_each_build_equals_a_clean_one(baking: Path, builder: Builder) -> None:
    set_feedback(baking, {"useful": FORM, "comment": MAIL})
    builder(baking, "html", "-j", "2")
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("title: Knead", "title: Work"))
    kept = builder(baking, "html", "-j", "2")
    assert kept.code == 0, kept.warnings
    assert "Work" in feedback(kept).xpath(".//a/@href")[0]
    assert contents(kept.out) == contents(builder(baking, fresh=True).out)
