"""Find headings and roles in a body of the usual shape, in one look.

Most pages are paragraphs, flat lists, headings and fences that begin at the margin.
There a role is what looks like one, outside code.  Whatever could make that untrue
(indented code, HTML, escapes, backticks without a partner and the like) is *unusual*:
then :func:`scan` says nothing, and the page is parsed.

Every expression begins with a character or a set of them, which Python searches for
fast; alternatives at every character would take ten times as long.
"""

from __future__ import annotations

import re
from typing import Final

from sphinx_stepwise.core.text.markup import DIRECTIVE, LITERAL, RECORD, Found

#: Escapes, tabs, control characters.
_UNUSUAL: Final = re.compile(r"[\\\x00-\x09\x0b-\x1f\x7f]")
_UNUSUAL_LINE: Final = re.compile(
    r"""(?mx) \n(?:
      # indented code: what stands above is no text that goes on
      (?:[-*_+>\ 0-9.)]* | \#.* | (?:```|~~~|:::).*) \n\ {4,}\S
      # in a list: indented code, and blocks that begin with the item
    | \ * (?:[-*+]|\d+[.)]) (?:\ {5,} | \ +(?:(?:[-*+]|\d+[.)])\ |[>\#]|```|~~~|:::))
    | \ *>                                   # a quotation
    | \ +(?:```|~~~|:::|\#)                  # a fence or heading inside another block
    | (?<!\n\n) \ *(?:=+|-+)\ *$             # a heading by its underline
    | \ *\[[^\]\n]*\]:                       # where a link leads
    )"""
)
#: A heading, or the line that opens a fence.
_LINE: Final = re.compile(
    r"(?m)\n(?:(?P<marks>#{1,6})(?: +(?P<words>.*))?$"
    r"|(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$)"
)
_CLOSING_MARKS: Final = re.compile(r"(?:^| +)#+ *$")
_MARK: Final = re.compile(r"[`{<\]!]")
#: The inside of a code span or role: text that goes on until its backtick, over the
#: ends of lines, but not into what may be another block.  ``<a-name>`` is none.
_SPAN: Final = (
    r"[^`\n]*(?:\n(?! *(?:$|[-*+#|>_~:=]|\d+[.)]|<(?![a-z0-9]*-[a-z0-9-]*>)))[^`\n]*)*"
)
_ROLE: Final = re.compile(rf"(?m)\{{([a-zA-Z0-9_+:-]+)\}}`(?!`)({_SPAN})`(?!`)")
_CODE: Final = re.compile(rf"(?m)`(?!`){_SPAN}`(?!`)")
_LINK: Final = re.compile(r"\]\([^)\n`{<]*\)")
_HTML: Final = re.compile(r"<[a-zA-Z/!?]")


def scan(body: str, /) -> Found | None:
    """Return the headings and roles of *body*, or ``None`` where it is unusual."""
    found = Found([], [])
    return found if _blocks(body, 0, found, found.headings) else None


def _blocks(
    text: str, offset: int, found: Found, headings: list[tuple[int, int, str]]
) -> bool:
    """Add what is in *text*, which stands at *offset*; False where it is unusual."""
    # Every line begins after the end of one, and the first after an empty line.
    text, offset = f"\n\n{text}", offset - 2
    if _UNUSUAL.search(text) or _UNUSUAL_LINE.search(text):
        return False
    at = 0
    while line := _LINE.search(text, at):
        if not _inline(text, at, line.start(), offset, found):
            return False
        at = line.end()
        if line["marks"]:
            words = _CLOSING_MARKS.sub("", line["words"] or "").strip()
            if "`" in words:
                return False
            headings.append((offset + line.start() + 1, len(line["marks"]), words))
            continue
        closing = re.compile(rf"(?m)\n{line['fence']}{line['fence'][0]}* *$")
        end = closing.search(text, at)
        inside = text[at + 1 : end.start() if end else len(text)]
        if not _fence(line, inside, offset, found):
            return False
        at = end.end() if end else len(text)
    return _inline(text, at, len(text), offset, found)


def _fence(line: re.Match[str], inside: str, offset: int, found: Found) -> bool:
    """Add what is in a fence; False where it is unusual."""
    info = line["info"]
    if "`" in info:
        return False
    if record := RECORD.match(info.strip()):
        start = offset + line.start("info") + len(info) - len(info.lstrip())
        found.roles.append((start + record.start(2), record[1], record[2]))
        return True
    directive = DIRECTIVE.match(info.strip())
    if directive and directive[1] not in LITERAL:
        return _blocks(inside, offset + line.end() + 1, found, [])
    return True


def _inline(text: str, at: int, end: int, offset: int, found: Found) -> bool:
    """Add the roles from *at* to *end*; False where something is unusual."""
    while mark := _MARK.search(text, at, end):
        at = mark.end()
        if mark[0] == "{":
            if role := _ROLE.match(text, mark.start(), end):
                found.roles.append((offset + role.start(2), role[1], role[2]))
                at = role.end()
        elif mark[0] == "`":
            code = _CODE.match(text, mark.start(), end)
            if code is None:
                return False
            at = code.end()
        elif mark[0] == "]":
            if text.startswith("(", at):
                link = _LINK.match(text, mark.start(), end)
                if link is None:
                    return False
                at = link.end()
        elif _HTML.match(text, mark.start(), end) or text.startswith("![", at - 1):
            return False
    return True
