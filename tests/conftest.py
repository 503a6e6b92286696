"""Fixtures that more than one room needs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
