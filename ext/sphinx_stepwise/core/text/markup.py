"""What both readers of a page's text agree on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Directives whose content is not read as Markdown.
LITERAL: Final = frozenset(
    {
        "code",
        "code-block",
        "code-cell",
        "sourcecode",
        "literalinclude",
        "parsed-literal",
    }
    | {"math", "mermaid", "graphviz", "raw", "eval-rst", "csv-table", "toctree"}
)
#: The name of a directive in the line that opens it.
DIRECTIVE: Final = re.compile(r"\{([\w:.+-]+)\}")
#: The directive that shows one record: its opening line names it as a role does.
RECORD: Final = re.compile(r"\{(?:guide:)?record\}\s+(\S+)\s+(\S+)")


@dataclass(slots=True)
class Found:
    """What a reader finds in a body, with offsets into it from 0."""

    #: (offset, level, text)
    headings: list[tuple[int, int, str]]
    #: (offset of the content, role, content as written)
    roles: list[tuple[int, str, str]]
