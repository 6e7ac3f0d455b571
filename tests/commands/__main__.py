"""Run a command: ``python tests/commands NAME [argument ...]``; without a name, list them all."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
GROUPS = ("authoring", "evidence", "release")


def commands(group: str) -> dict[str, str]:
    """First line of the description of each command of a group: of each module that has a ``main``."""
    found = {}
    for file in sorted((FOLDER / group).glob("*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in module.body):
            found[file.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def listing() -> str:
    """All commands by group, a line each."""
    lines = []
    for group in GROUPS:
        lines += [f"{group}:", *(f"  {name:<20}{text}" for name, text in commands(group).items())]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run the named command with the rest of the arguments; returns its exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stdout.write(f"python tests/commands NAME [argument ...]\n\n{listing()}\n")
        return 0
    name = arguments[0]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # without it QGIS needs a screen
    for group in GROUPS:
        if name in commands(group):
            source = (FOLDER / group / f"{name}.py").read_text(encoding="utf-8")
            if "argparse" not in source and {"-h", "--help"} & set(arguments[1:]):
                sys.stdout.write(f"{ast.get_docstring(ast.parse(source))}\n")
                return 0
            sys.argv = arguments  # what the command's own parser reads and shows
            return importlib.import_module(f"{group}.{name}").main() or 0
    sys.stderr.write(f"There is no command {name!r}. Commands are:\n{listing()}\n")
    return 2


if __name__ == "__main__":
    sys.path[:1] = [str(FOLDER), str(FOLDER.parent)]
    sys.exit(main(sys.argv[1:]))
