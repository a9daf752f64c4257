"""``python -m sphinx_stepwise``: the command where no script is on the path."""

from __future__ import annotations

import sys

from sphinx_stepwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
