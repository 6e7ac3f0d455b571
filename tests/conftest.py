"""Shared by all tests: the checkout is importable as ``slopecast``, nothing needs a screen."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "commands")]

import checkout  # noqa: F401 - registers the package
