"""Where the site is and who makes it: the settings of ``conf.py`` for machines.

Whole addresses need ``html_baseurl``.  Without it the site has no sitemap, no feed and
no address for cards of social networks; all else is as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sphinx_stepwise.core.content.linked_data import Maker
from sphinx_stepwise.sphinx_ext.config import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The builders that make a site: a file for each page, and addresses between them.
BUILDERS: Final = ("html", "dirhtml")
_MAKER_KEYS: Final = {"name", "url", "type"}
_MAKER_TYPES: Final = ("Organization", "Person")
_WEB: Final = ("https://", "http://")


def register(app: Sphinx) -> None:
    """Declare the configuration values."""
    for name, who in (("publisher", "publishes"), ("author", "writes")):
        app.add_config_value(
            f"stepwise_{name}",
            default={},
            rebuild="html",
            types=dict,
            description=f"Who {who} the toolkit: `name`, and if you like `url` and "
            "`type`, which is 'Organization' unless it is 'Person'.",
        )
    app.add_config_value(
        "stepwise_social_image",
        default="",
        rebuild="html",
        types=str,
        description="The picture of cards in social networks: an address, or a path "
        "from the site's root such as '_static/card.png'.",
    )
    app.add_config_value(
        "stepwise_sign_up",
        default="",
        rebuild="html",
        types=str,
        description="Where readers can ask for updates by mail: an http, https or "
        "mailto address, shown where updates are listed.",
    )


def check_settings(app: Sphinx, config: Config) -> None:
    """Refuse settings that would make wrong addresses (``config-inited``).

    :raises SystemExit: with code 2, after logging every fault.
    """
    if faults := list(_faults(config)):
        refuse(faults)


def _faults(config: Config) -> Iterator[str]:
    if config.html_baseurl and not config.html_baseurl.startswith(_WEB):
        yield "conf.py: `html_baseurl` must begin with https:// or http://"
    sign_up = config.stepwise_sign_up
    if sign_up and not sign_up.startswith((*_WEB, "mailto:")):
        yield "conf.py: `stepwise_sign_up` must begin with https://, http:// or mailto:"
    for setting in ("stepwise_publisher", "stepwise_author"):
        found = config[setting]
        named = isinstance(found.get("name"), str) and found.keys() <= _MAKER_KEYS
        typed = found.get("type", _MAKER_TYPES[0]) in _MAKER_TYPES
        if found and not (named and typed):
            yield (
                f"conf.py: `{setting}` must have a `name`, and may have a `url` and a "
                f"`type`: {' or '.join(_MAKER_TYPES)}"
            )


def maker(setting: dict[str, Any]) -> Maker | None:
    """Return who a setting names."""
    if not setting:
        return None
    type_ = setting.get("type", _MAKER_TYPES[0])
    return Maker(setting["name"], type_, setting.get("url", ""))


def base_address(app: Sphinx) -> str:
    """Return the whole address of the site's root, or nothing."""
    base: str = app.config.html_baseurl
    return f"{base.rstrip('/')}/" if base else ""


def whole_address(app: Sphinx, path: str) -> str:
    """Return the whole address of a path from the site's root, or nothing."""
    base = base_address(app)
    return base + path if base else ""


def page_path(app: Sphinx, docname: str) -> str:
    """Return a page's path from the site's root."""
    # Sphinx quotes it for one of the two builders only.
    return quote(app.builder.get_target_uri(docname), safe="/%")


def twin_path(docname: str) -> str:
    """Return the path of a page's Markdown from the site's root."""
    return f"{quote(docname)}.md"


def language(app: Sphinx) -> str:
    """Return the language of the texts as BCP 47 writes it, such as en-GB."""
    return (app.config.language or "").replace("_", "-")
