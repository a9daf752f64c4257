"""Was this page useful, and comments: where ``stepwise_feedback`` sends them.

A target is a mail address, the address of somebody's form, or an endpoint that a plain
form is posted to.  Nothing is contacted before a click, and nothing set shows nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from sphinx.locale import _

from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.sphinx_ext.config import refuse
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions
from sphinx_stepwise.sphinx_ext.site import language, page_path, whole_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_stepwise.core.content.model import Page

_KINDS: Final = ("useful", "comment")
#: What an address may hold in braces; ``answer`` is yes or no.
_NAMES: Final = ("page", "title", "url", "version", "language", "answer")
#: One of these is needed, or nobody knows what was meant.
_WHICH_PAGE: Final = {"page", "title", "url"}
_WEB: Final = ("https://", "http://")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_MAIL: Final = re.compile(r"mailto:[^@\s?{}]+@[^@\s?{}]+(\?.*)?", re.DOTALL)
#: What an address is made of, RFC 3986; all else is percent-encoded.
_RESERVED: Final = "%:/?#[]@!$&'()*+,;="
_ANSWERS: Final = ("yes", "no")
_FILES: Final = ("feedback.css", "feedback.js")


class Means(NamedTuple):
    """How readers answer one question: links, or a form with hidden fields."""

    kind: str
    #: Answer, or nothing for a comment, and address.
    links: tuple[tuple[str, str], ...] = ()
    post: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    #: What happens on a click, so that readers know before.
    note: str = ""
    mail: bool = False


def check_settings(app: Sphinx, config: Config) -> None:
    """Refuse targets that lead nowhere or tell too little (``config-inited``).

    :raises SystemExit: with code 2, after logging every fault with what to do.
    """
    if faults := list(_faults(config.stepwise_feedback)):
        refuse(f"conf.py: `stepwise_feedback`: {fault}" for fault in faults)


def _faults(setting: dict[Any, Any]) -> Iterator[str]:
    for kind, target in setting.items():
        if kind not in _KINDS:
            hint = did_you_mean(str(kind), _KINDS) or f"Known: {', '.join(_KINDS)}."
            yield f"there is no `{kind}`. {hint}"
        elif isinstance(target, dict):
            yield from (f"`{kind}` {fault}" for fault in _form_faults(target))
        elif isinstance(target, str):
            yield from (f"`{kind}` {fault}" for fault in _address_faults(kind, target))
        else:
            yield f'`{kind}` must be an address, or {{"post": "https://..."}}'


def _form_faults(target: dict[Any, Any]) -> Iterator[str]:
    address = target.get("post")
    local = isinstance(address, str) and re.match(r"/(?!/)", address)
    web = isinstance(address, str) and _is_web(address)
    if target.keys() != {"post"} or not (local or web):
        yield (
            'must be {"post": ADDRESS}, where the address begins with https:// or '
            "http://, or with / for one on the site's own host"
        )
    elif re.search(r"[{}\s]", str(address)):
        yield "takes no placeholders: a form sends all that they stand for by itself"


def _is_web(address: str) -> bool:
    try:
        return address.startswith(_WEB) and bool(urlsplit(address).hostname)
    except ValueError:  # brackets that are no IPv6 address
        return False


def _address_faults(kind: str, target: str) -> Iterator[str]:
    mail = _MAIL.fullmatch(target)
    if not mail and not _is_web(target):
        yield (
            f"is `{target}`, which must begin with https://, http:// or mailto:. "
            "For a mail address write `mailto:name@example.org`."
        )
        return
    named = _BRACES.findall(target)
    for name in named:
        if name not in _NAMES:
            known = ", ".join(f"{{{name}}}" for name in _NAMES)
            hint = did_you_mean(name, _NAMES) or f"Known: {known}."
            yield f"has `{{{name}}}`, which stands for nothing. {hint}"
    if re.search(r"[{}]", _BRACES.sub("", target)):
        yield "has a brace without its partner. Write %7B or %7D for the sign itself."
    if mail and not mail[1]:
        return  # subject and body are ours
    if not _WHICH_PAGE & {*named}:
        yield "does not say which page is meant. Add {page}, {url} or {title}."
    if kind == "useful" and "answer" not in named:
        yield "does not tell yes from no. Add {answer}."
    if kind != "useful" and "answer" in named:
        yield "has {answer}, which only `useful` has. Take it out."


def means_of(app: Sphinx, page: Page) -> list[Means]:
    """Return how readers of *page* can answer, as far as conf.py says."""
    path = page_path(app, page.docname)
    values = {
        "page": page.id,
        "title": page.title,
        "url": whole_address(app, path) or path,
        "version": str(app.config.release or app.config.version),
        "language": language(app),
    }
    setting = app.config.stepwise_feedback
    return [_means(kind, setting[kind], values) for kind in _KINDS if kind in setting]


def _means(kind: str, target: str | dict[str, str], values: dict[str, str]) -> Means:
    if isinstance(target, dict):
        post = target["post"]
        host = urlsplit(post).hostname
        told = _("Your answer goes to %s, with the page's title and address.")
        note = told % (host or _("this site"))
        return Means(kind, post=post, fields=tuple(values.items()), note=note)
    answers = _ANSWERS if kind == "useful" else ("",)
    links = tuple((a, _filled(kind, target, values | {"answer": a})) for a in answers)
    if target.startswith("mailto:"):
        note = _("Your mail program opens. Nothing is sent before you send it.")
        return Means(kind, links, note=note, mail=True)
    note = _("A form on %s opens in a new page.") % urlsplit(target).hostname
    return Means(kind, links, note=note)


def _filled(kind: str, target: str, values: dict[str, str]) -> str:
    """Return an address with the values in it, all percent-encoded."""
    if target.startswith("mailto:") and "?" not in target:
        subject = _("Comment on: %(title)s")
        if kind == "useful":
            subject = _("Was this page useful? %(answer)s: %(title)s")
        told = ("page", "url", "version", "language")
        body = "\n".join(["", "", *(f"{name}: {values[name]}" for name in told)])
        target += f"?subject={_encoded(subject % values)}&body={_encoded(body)}"
        return target
    parts = _BRACES.split(target)
    parts[::2] = [quote(part, safe=_RESERVED) for part in parts[::2]]
    parts[1::2] = [_encoded(values[name]) for name in parts[1::2]]
    return "".join(parts)


def _encoded(text: str) -> str:
    # Lines of a mail end as RFC 6068 has it.
    return quote(text.replace("\n", "\r\n"), safe="", errors="replace")


def _add_feedback(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Hand the means to our theme, with their script.

    On ``html-page-context``, before our theme chooses among the page's scripts.
    """
    page = guide_domain(app.env).catalogue.at(pagename) if doctree else None
    if page is None or not places_regions(app.builder):
        return
    if means := means_of(app, page):
        context["stepwise_feedback"] = means
        sheet, script = _FILES
        app.add_css_file(sheet)
        app.add_js_file(script, loading_method="defer")


def register(app: Sphinx) -> None:
    """Declare the setting, and connect what uses it."""
    app.add_config_value(
        "stepwise_feedback",
        default={},
        rebuild="html",
        types=dict,
        description="Where readers' answers go: `useful` and `comment`, each an "
        "address (mailto:, https://) with {page}, {title}, {url}, {version}, "
        '{language} and, for `useful`, {answer}; or {"post": ADDRESS} for a form.',
    )
    app.connect("config-inited", check_settings)
    app.connect("html-page-context", _add_feedback)
