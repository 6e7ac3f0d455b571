"""metadata.txt is what plugins.qgis.org asks for, and the only home of the version."""

import configparser
import re
from xml.etree import ElementTree

import pytest
from checkout import ROOT

REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")


@pytest.fixture(scope="module")
def metadata():
    """The section that QGIS reads, read as QGIS reads it."""
    parser = configparser.ConfigParser()  # with interpolation: a lone % would break the plugin manager
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return dict(parser["general"])


@pytest.mark.parametrize("key", REQUIRED)
def test_required_keys_are_there(metadata, key):
    assert metadata[key].strip()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Slopecast"),
        ("qgisMinimumVersion", "3.22"),
        ("qgisMaximumVersion", "4.99"),
        ("hasProcessingProvider", "yes"),
        ("category", "Raster"),
        ("email", "slopecast@example.org"),
    ],
)
def test_values_of_the_contract(metadata, key, value):
    assert metadata[key] == value


def test_the_version_has_three_numbers_and_a_changelog(metadata):
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])
    assert metadata["changelog"].startswith(metadata["version"])


def test_the_version_is_written_in_no_code(metadata):
    places = [*(ROOT / "plugin").rglob("*.py"), ROOT / "__init__.py", ROOT / "pyproject.toml"]
    found = [str(path) for path in places if path.exists() and f'"{metadata["version"]}"' in path.read_text("utf-8")]
    assert found == []


@pytest.mark.parametrize("key", ["homepage", "tracker", "repository"])
def test_links_are_placeholders(metadata, key):
    assert metadata[key].startswith("https://example.org/slopecast")


def test_what_must_be_installed_is_named(metadata):
    assert "torch" in metadata["about"]
    assert "safetensors" in metadata["about"]


def test_no_markup_where_the_repository_refuses_it(metadata):
    assert "<" not in metadata["about"] + metadata["description"]
    assert metadata["experimental"] in ("True", "False")
    assert all(tag == tag.strip() and tag for tag in metadata["tags"].split(","))


def test_the_icon_is_a_drawing(metadata):
    root = ElementTree.parse(ROOT / metadata["icon"]).getroot()
    assert root.tag.endswith("svg")
    assert root.get("viewBox")


def test_deprecated_keys_are_gone(metadata):
    assert "supportsQt6" not in metadata
