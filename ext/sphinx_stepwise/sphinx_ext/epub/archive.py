"""The one file of a book.

By the container rules of ePub 3.3 (https://www.w3.org/TR/epub-33/#sec-ocf) the type
comes first and is not compressed.  Order, times and permissions follow from the book
alone, so that equal books have equal bytes.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TYPE: Final = b"application/epub+zip"
_CONTAINER: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
#: What a zip file can hold at the least.
_EARLIEST: Final = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_UNIX: Final = 3


def write_archive(
    file: Path, contents: Mapping[str, bytes], moment: dt.datetime
) -> None:
    """Write a book.

    :param contents: files by their paths below ``EPUB``, in the order to be written.
    """
    stamp = max(moment, _EARLIEST).timetuple()[:6]
    packed = {f"EPUB/{name}": content for name, content in contents.items()}
    everything = {"META-INF/container.xml": _CONTAINER, **packed}
    with ZipFile(file, "w") as archive:
        archive.writestr(_entry("mimetype", stamp, ZIP_STORED), _TYPE)
        for name, content in everything.items():
            archive.writestr(_entry(name, stamp, ZIP_DEFLATED), content)


def _entry(
    name: str, stamp: tuple[int, int, int, int, int, int], compression: int
) -> ZipInfo:
    entry = ZipInfo(name, stamp)
    entry.compress_type = compression
    entry.create_system = _UNIX  # otherwise that of whoever builds
    entry.external_attr = 0o644 << 16
    return entry
