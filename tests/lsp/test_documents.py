"""Places and addresses, from the protocol's side and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec
from sphinx_stepwise.core.diagnostics import Location
from sphinx_stepwise.lsp.documents import Addresses, Document, on_disk

TEXTS = st.lists(st.sampled_from([*"a é🍞\u2028\x85\t", "\n", "\r\n", "\r"])).map(
    "".join
)


@given(
    st.sampled_from(["", "\ufeff"]),
    TEXTS,
    st.sampled_from(list(types.PositionEncodingKind)),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_a_place_comes_back_from_the_editor_as_it_was(
    mark: str, text: str, kind: types.PositionEncodingKind, line: int, column: int
) -> None:
    document = Document(mark + text, PositionCodec(kind))
    place = Location("a.md", line, column)
    back = document.location("a.md", document.position(line, column))
    if line <= len(document.lines) and column <= len(document.lines[line - 1]) + 1:
        assert back == place
    else:  # the nearest that there is
        assert 1 <= back.line <= len(document.lines)
        assert 1 <= back.column <= len(document.lines[back.line - 1]) + 1


@given(TEXTS, st.integers(0, 20), st.integers(0, 20))
def test_an_offset_is_the_place_that_it_is_in(text: str, start: int, end: int) -> None:
    document = Document(text, PositionCodec(types.PositionEncodingKind.Utf32))
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    area = document.span(start, end)
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    if not (text[:start].endswith("\r") and text[start:].startswith("\n")):
        assert area.start.line == before.count("\n")
        assert area.start.character == len(before.rsplit("\n", 1)[-1])
    assert area.start <= area.end


def test_addresses_of_files(tmp_path: Path) -> None:
    addresses = Addresses(tmp_path)
    assert addresses.path(f"file://{tmp_path}/source/a%20b.md") == "source/a b.md"
    assert addresses.path(addresses.uri("source/ü 🍞.md")) == "source/ü 🍞.md"
    # As the editor spells it, as long as it has it open.
    spelled = f"file://{tmp_path}/source/%61.md"
    addresses.opened(spelled)
    assert addresses.uri("source/a.md") == spelled
    addresses.closed(spelled)
    assert addresses.uri("source/a.md") == f"file://{tmp_path}/source/a.md"


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "",
            "untitled:Untitled-1",
            "git:/source/a.md",
            "file:",
            "file:///",
            "nonsense",
        ),
        *("file:///c%3A/toolkit/a.md", "file:///C:/a.md", "file://server/share/a.md"),
        *("file:///a%00b.md", "file://[", "http://example.org/a.md"),
    ],
)
def test_addresses_of_other_things(tmp_path: Path, uri: str) -> None:
    assert Addresses(tmp_path).path(uri) is None


def test_what_is_no_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "big.md").write_bytes(b"x" * 5_000_000)
    (tmp_path / "latin.md").write_bytes(b"caf\xe9")
    for name in ("loop.md", "big.md", "missing.md", "."):
        assert on_disk(tmp_path, name) == ""
    assert on_disk(tmp_path, "latin.md") == "caf\N{REPLACEMENT CHARACTER}"
    assert on_disk(Path("/dev"), "null") == ""
