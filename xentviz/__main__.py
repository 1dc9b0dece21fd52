"""``python -m xentviz``."""

import sys

from xentviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
