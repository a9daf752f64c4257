"""Write a small page at every old address, for HTML only.

It leads on without script, by a relative link, and names the real page as canonical,
so that search engines forget the old address.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.redirects import resolve

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.catalogue import Catalogue

BUILDERS = ("html", "dirhtml")
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>Moved: {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<meta http-equiv="refresh" content="0; url={uri}">
</head>
<body>
<p>This page has moved: <a href="{uri}">{title}</a></p>
</body>
</html>
"""


def write_redirects(app: Sphinx, catalogue: Catalogue, before: set[str]) -> set[str]:
    """Write all redirect pages; delete those of *before* that lead nowhere now.

    Returns the old addresses that have a page now.
    """
    if app.builder.name not in BUILDERS:
        return set()
    wanted = resolve(catalogue)
    # `a` and `a/index` are one address where each page is a folder.
    pages = {_file(app, page.docname) for page in catalogue.pages}
    for old in before - wanted.keys():
        if _file(app, old) not in pages:
            _file(app, old).unlink(missing_ok=True)
    for old, docname in wanted.items():
        if _file(app, old) not in pages:
            _write(_file(app, old), _text(app, catalogue, old, docname))
    return set(wanted)


def _file(app: Sphinx, old: str) -> Path:
    locate = app.builder.get_output_path  # type: ignore[attr-defined]
    return Path(locate(old))


def _text(app: Sphinx, catalogue: Catalogue, old: str, docname: str) -> str:
    page = catalogue.at(docname)
    uri = app.builder.get_relative_uri(old, docname)
    base = app.config.html_baseurl
    absolute = base.rstrip("/") + "/" + app.builder.get_target_uri(docname)
    return _PAGE.format(
        language=(app.config.language or "en").replace("_", "-"),
        title=escape(page.title if page else docname),
        canonical=escape(absolute if base else uri),
        uri=escape(uri),
    )


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text("utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
