"""Register this checkout as the package ``slopecast``, whatever its folder is called."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def register() -> None:
    """Make ``import slopecast`` mean this checkout."""
    if "slopecast" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "slopecast", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["slopecast"] = module
    spec.loader.exec_module(module)
    plugins = ROOT / ".venv" / "plugins"  # where 'make setup' links it: worker processes have no other way to it
    if (plugins / "slopecast").exists():
        sys.path.append(str(plugins))


register()
