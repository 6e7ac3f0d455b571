"""What documents refer to exists: links, sections, files, make targets, algorithms, keys, figures."""

import ast
import re
import shlex
from html.parser import HTMLParser

import pytest
from authoring import docs
from checkout import ROOT
from qgis.core import QgsApplication
from slopecast.plugin.core.validation.engine_comparison import NOTABLE_IOU

WRITTEN = (
    sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "model_weights").glob("*.md"))
)
PAGES = sorted((ROOT / "docs").glob("*.html"))
CODE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)
#: Words that begin with one of these are paths of the repository.
FOLDERS = ("tests", "plugin", "docs", "ui", "model_weights")
#: Keys that no algorithm has: environment variables and placeholders.
OTHER_KEYS = {"LANDLAB_PYTHON", "SLOPECAST_MEMORY"}


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.relative_to(ROOT).as_posix())


def text_of(path):
    return path.read_text(encoding="utf-8")


class Anchors(HTMLParser):
    """Ids and local targets of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.targets = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        self.targets += [values[name] for name in ("href", "src") if name in values]


def sections(path):
    """Ids that links may name."""
    text = text_of(path)
    if path.suffix == ".html":
        return Anchors(text).ids
    plain = CODE.sub("", text)
    headings = {docs.anchor(title) for title in re.findall(r"^#+ (.+)$", plain, re.MULTILINE)}
    return headings | set(re.findall(r'<a id="([^"]+)"', plain))


def check_target(path, target):
    if re.match(r"[a-z]+:", target):
        return
    file, _, section = target.partition("#")
    opened = path.parent / file if file else path
    assert opened.exists(), f"{path.name}: {target}"
    if section:
        assert section in sections(opened), f"{path.name}: {target}"


@named(WRITTEN)
def test_links_of_texts_lead_somewhere(path):
    plain = CODE.sub("", text_of(path))
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        check_target(path, target)


@named(PAGES)
def test_links_of_pages_lead_somewhere(path):
    for target in Anchors(text_of(path)).targets:
        check_target(path, target)


@named(WRITTEN)
def test_files_and_make_targets_exist(path):
    text = text_of(path)
    targets = set(re.findall(r"^([a-z-]+):.*?(?:##|$)", text_of(ROOT / "Makefile"), re.MULTILINE))
    commands = "\n".join(body for language, body in CODE.findall(text) if language in ("sh", "bat", ""))
    quoted = re.findall(r"`([^`\n]+)`", CODE.sub("", text))
    for line in [*commands.splitlines(), *quoted]:
        if found := re.match(r"\s*make ([a-z-]+)", line):
            assert found[1] in targets, line
    for word in {w.strip("`.,;:()") for line in quoted for w in line.split()}:
        if word.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and not set(word) & set("*<>{"):
            assert (ROOT / word.split("::")[0]).exists(), f"{path.name}: {word}"


def algorithms():
    return {a.id(): a for a in QgsApplication.processingRegistry().providerById("slopecast").algorithms()}


def keys_of(algorithm):
    return {d.name() for d in (*algorithm.parameterDefinitions(), *algorithm.outputDefinitions())}


@named(WRITTEN)
def test_commands_name_algorithms_and_keys_that_exist(path):
    known = algorithms()
    for language, body in CODE.findall(text_of(path)):
        if language == "python":
            for call in (n for n in ast.walk(ast.parse(body)) if isinstance(n, ast.Call) and len(n.args) == 2):
                if isinstance(call.args[1], ast.Dict):
                    name, values = call.args[0].value, call.args[1]
                    assert {k.value for k in values.keys} <= keys_of(known[name]), name
        for line in body.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True) if line.strip().startswith("qgis_process") else []
            if words[1:2] != ["run"]:
                continue
            given = {word[2:].split("=")[0] for word in words[3:] if word.startswith("--")}
            assert given <= keys_of(known[words[2]]), line


@named(WRITTEN)
def test_algorithms_and_keys_in_the_text_exist(path):
    known = algorithms()
    everything = set().union(*(keys_of(a) for a in known.values()))
    if path.name == "CONTRIBUTING.md":  # names of the code as well
        everything |= set(re.findall(r"[A-Z_]{4,}", "".join(map(text_of, (ROOT / "plugin").rglob("*.py")))))
    for word in re.findall(r"`([^`\s]+)`", CODE.sub("", text_of(path))):
        if word.startswith("slopecast:"):
            assert word in known, f"{path.name}: {word}"
        key = word.split("=")[0]
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", key):
            assert key in everything | OTHER_KEYS, f"{path.name}: {word}"


def test_figures_are_those_of_the_shipped_network():
    """README and the page on accuracy state the scores of the model card that is shipped."""
    card = text_of(ROOT / "model_weights" / "network.md")
    identifier = re.search(r"^# Model card: (\S+)$", card, re.MULTILINE)[1]
    score = float(re.search(r"^- mean_iou: ([\d.]+)$", card, re.MULTILINE)[1])
    assert f"`{identifier}`" in text_of(ROOT / "docs" / "accuracy.md"), "measure anew with 'make evaluate'"
    theory, accuracy = (text_of(ROOT / "docs" / f"{name}.md") for name in ("theory", "accuracy"))
    certain = theory.split("### How certain is the map")[1].split("\n## ")[0]
    figures = re.findall(r"\b0\.\d{3}\b|\b\d+ %", certain)
    assert len(figures) >= 4
    assert [figure for figure in figures if figure not in accuracy] == []
    assert f"mean IoU of {score:.3f}" in " ".join(text_of(ROOT / "README.md").split())


def test_limits_of_the_reliability_are_those_of_the_code():
    pytest.importorskip("torch")
    from slopecast.plugin.ml import reliability

    chapter = " ".join(text_of(ROOT / "docs" / "theory.md").split("\n## Reliability\n")[1].split("\n## ")[0].split())
    assert chapter.count(f"IoU with the engine below {reliability.TRUSTED_IOU:g}") == 2
    for limit in (
        f"found an IoU below {NOTABLE_IOU:g}",
        f"more than {reliability._LEAST_SHARE:.0%}".replace("%", " %"),
        f"fewer than {reliability._FEW_CELLS} failed cells",
        f"than {reliability._CRITICAL_SHARE:.0%}".replace("%", " %"),
        f"within {reliability._STEP_REACH_CELLS} cells",
        f"above {reliability._STEP_GRADIENT:g} from cell to cell",
        f"{reliability._NEARLY_SATURATED:.0%}".replace("%", " %"),
    ):
        assert limit in chapter


@named([path for path in WRITTEN + PAGES if path.name != "performance.md" and path.parent.name != "model_weights"])
def test_networks_are_the_shipped_ones(path):
    """The tutorial's results are those of the shipped weights; performance.md says which ones were measured."""
    cards = "".join(text_of(card) for card in (ROOT / "model_weights").glob("*.md"))
    for name in re.findall(r"\b(?:unet|pointwise|paper)-\d{4}-\d\d-\d\d-[0-9a-f]{8}\b", text_of(path)):
        assert f"# Model card: {name}\n" in cards, "make the tutorial anew with 'tests/commands docs --run'"


def test_readme_opens_with_one_screen():
    """Purpose, a picture, two commands, physics, network and limits before the first section."""
    opening = text_of(ROOT / "README.md").split("\n## ")[0]
    assert len(opening.splitlines()) <= 30
    assert opening.count("![") == 1
    assert len(re.findall(r"^make ", opening, re.MULTILINE)) == 2


def test_the_guide_stays_short():
    assert len(text_of(ROOT / "docs" / "guide.md").split()) < 4950
