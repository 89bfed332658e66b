"""``python -m mlwatch`` is the command ``mlwatch``."""

import sys

from .cli import main

sys.exit(main())
