"""Make the scripts of this folder and the commands importable by its tests; the plugin as users get it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def plugin_zip(tmp_path_factory):
    """The zip that ``make package`` writes, without its scans."""
    from release import package

    made = package.build(tmp_path_factory.mktemp("dist") / "slopecast.zip")
    package.check(made)
    return made


@pytest.fixture(scope="session")
def installed(plugin_zip, tmp_path_factory):
    """A folder of plugins with the zip unpacked; its name has spaces and other letters than ASCII."""
    from release import package

    return package.unpack(plugin_zip, tmp_path_factory.mktemp("Zusätzliche Module 플러그인"))
