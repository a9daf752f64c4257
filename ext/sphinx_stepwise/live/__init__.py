"""``make live``: rebuild on save, and show findings in the terminal and on the page.

Server, page reload and file watching are sphinx-autobuild's and its libraries'; here is
what it lacks: builds in a process that has imported everything already
(``building``), the findings as a panel on each page (``static``, put in by ``server``
while it serves, so that no built page knows of it), and a watch that lives through
every error.

Imports neither core nor the Sphinx rooms.  A build runs ``python -m sphinx`` in a
process of its own and imports the code of the day, so a change of the extension is
seen; only a change in this folder or in the package's ``__init__`` asks for a restart.
"""

from __future__ import annotations
