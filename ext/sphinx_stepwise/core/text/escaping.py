"""Text put safely into Markdown, XML and scripts.

Words of front matter and data are words wherever they are shown, never markup.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

# CommonMark 0.31: a backslash before punctuation makes it plain.  `|` and `~` are for
# the tables and strikes of GitHub's flavour.
_ANYWHERE: Final = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w+;)")
_AT_START: Final = re.compile(r"[-+>]|#+(?=\s|$)|[0-9]{1,9}(?=[.)](?:\s|$))")
_AT_END: Final = re.compile(r"(?<=[#\s])#$")
_SPACE: Final = re.compile(r"[ \t\n\r\f\v]+")
# XML 1.0 allows no others, not even as references.
_NOT_XML: Final = re.compile(
    r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"
)
# What an address may hold, RFC 3986; `(` and `)` would end a Markdown link.
_NOT_ADDRESS: Final = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'*+,;=%]")


def markdown_text(text: str, /) -> str:
    """Return *text* for the middle of a line of Markdown."""
    return _ANYWHERE.sub(r"\\\g<0>", _SPACE.sub(" ", text))


def markdown_line(line: str, /) -> str:
    """Return a line of Markdown that begins no list, quotation or heading.

    :param line: Markdown of one line, such as the parts of a paragraph.
    """
    line = line.strip(" \t")
    if found := _AT_START.match(line):
        number = found[0].isdigit()
        line = f"{found[0]}\\{line[found.end() :]}" if number else f"\\{line}"
    return _AT_END.sub(r"\\#", line)


def markdown_link(words: str, address: str, title: str = "", /) -> str:
    """Return a link; *words* are Markdown already, *title* is not."""
    safe = _NOT_ADDRESS.sub(_percent, address)
    if title:
        safe += ' "{}"'.format(markdown_text(title).strip().replace('"', '\\"'))
    return f"[{words}]({safe})"


def _percent(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "replace")
    return "".join(f"%{byte:02X}" for byte in raw)


def xml_text(text: str, /, mark: str = "\ufffd") -> str:
    """Return *text* with *mark* in the place of what XML cannot hold."""
    return _NOT_XML.sub(mark, text)


def script_json(value: Any, /) -> str:
    """Return JSON that ends no ``<script>`` and begins no comment inside one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
