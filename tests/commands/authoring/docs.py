"""``make docs``: the generated parts of the documents, and the documents as HTML for QGIS's Help buttons.

Between ``<!-- made: NAME -->`` and ``<!-- end -->`` this command writes; the rest is written by hand. ``--run`` also
runs the commands of the tutorial and puts what they print below them.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from html import escape
from pathlib import Path
from typing import Any, Iterator

import checkout
from checkout import ROOT

from . import scale_plan

DOCS = ROOT / "docs"
PAGES = ("guide", "tutorial", "reference", "theory", "accuracy", "install")
#: Documents with made parts that no Help button opens: no HTML is made of them.
TEXTS = ("scale",)
_MADE = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_HEADING = re.compile(r"^(##|###) (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
#: Of the theory manual: meaning, file, name in it, unit.
CONSTANTS = (
    ("unit weight of water, &gamma;<sub>w</sub>", "core/physics/stability.py", "UNIT_WEIGHT_WATER", "kN/m³"),
    ("air that remains in the wetted zone, n<sub>min</sub>", "variables.py", "RESIDUAL_AIR", "-"),
    ("greatest slope", "core/topography/slope.py", "MAXIMUM_SLOPE_DEG", "°"),
    ("greatest factor of safety", "core/physics/stability.py", "MAXIMUM_FS", "-"),
    ("thinnest soil that can fail", "core/physics/stability.py", "THINNEST_SOIL_M", "m"),
    ("shallowest front with mode A", "core/physics/stability.py", "SHALLOWEST_FRONT_M", "m"),
    ("step over the monotone limit", "core/physics/flow/step_formulas.py", "STEP_SHARE", "-"),
    ("fewest steps of an event", "core/physics/flow/schedule.py", "FEWEST_STEPS", "-"),
    ("longest interval of constant infiltration", "core/physics/flow/schedule.py", "LONGEST_INTERVAL_S", "s"),
    ("resolution of the failure time", "core/physics/failure_time.py", "RESOLUTION_S", "s"),
    ("greatest soil depth", "variables.py", "SOIL_DEPTH_MAXIMUM_M", "m"),
    ("greatest trained K<sub>lat</sub>", "variables.py", "LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM", "m/s"),
    ("network: greatest correction over the water moved", "ml/channels.py", "GREATEST_CHANGE", "-"),
    ("reliability: least expected IoU of *trusted*", "ml/reliability.py", "TRUSTED_IOU", "-"),
    ("reliability: failed cells below which an uncertain mask is *caution*", "ml/reliability.py", "_FEW_CELLS", "-"),
    ("edge influence: least share of cells for *caution*", "core/windowed/edges.py", "_LEAST_SHARE", "-"),
    ("first order: parameter sets", "core/probability/first_order.py", "POINTS", "-"),
    ("calibration: ratios of c and tan φ", "core/inventory_calibration/sampling.py", "RATIOS", "-"),
    ("calibration: share of sets that is kept", "core/inventory_calibration/search.py", "_BEST_SHARE", "-"),
)
_KEPT: list[Any] = []  # Python objects that QGIS needs to the end
_STYLE = """
body { font-family: sans-serif; line-height: 1.5; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222;
       background: #fff; }
table { border-collapse: collapse; margin: 1em 0; } th, td { border: 1px solid #bbb; padding: .25em .6em;
        text-align: left; vertical-align: top; }
code, pre { background: #f2f2f2; } pre { padding: .7em; overflow-x: auto; } img { max-width: 100%; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1e1e1e; } code, pre { background: #2c2c2c; }
        th, td { border-color: #555; } a { color: #8ab4f8; } }
"""


def filled(text: str, made: dict[str, str]) -> str:
    """Put the made parts in their places; the contents last, as parts have headings."""
    whole = _MADE.sub(lambda found: found[0] if found[2] == "contents" else _part(found, made[found[2]]), text)
    return _MADE.sub(lambda found: _part(found, contents(whole)) if found[2] == "contents" else found[0], whole)


def _part(found: re.Match[str], text: str) -> str:
    return f"{found[1]}\n{text}\n\n{found[3]}"


def contents(text: str) -> str:
    """List a page's headings with links, two levels."""
    headings = _HEADING.findall(_CODE.sub("", text))
    return "\n".join(f"{'    ' * (len(level) - 2)}- [{title}](#{anchor(title)})" for level, title in headings)


def anchor(title: str) -> str:
    """The id that a heading gets in HTML, from Markdown and on code-hosting sites alike."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


def parts() -> dict[str, str]:
    """Everything that the documents take from the product and from its reports, by name."""
    from slopecast.plugin.variables import ENGINE_VARIABLES, VARIABLES

    return {
        "variables": variables_table(VARIABLES),
        "engine_variables": variables_table(ENGINE_VARIABLES),
        "presets": presets_table(),
        "models": models_section(),
        "constants": constants_table(),
        "network_scores": scores_table(),
        "algorithms": "\n\n".join(algorithm_section(algorithm) for algorithm in algorithms()),
        **scale_plan.parts(),
    }


def variables_table(variables: tuple[Any, ...]) -> str:
    """Rows of the table of inputs."""
    rows = []
    for v in variables:
        trained = "any" if v.trained is None else f"{v.trained[0]:g} to {v.trained[1]:g}"
        raster = f"`{v.layer_key}`" if v.layer else "-"
        rows.append((f"`{v.key}`", v.label, v.unit, f"{v.default:g}", v.allowed.removesuffix(f" {v.unit}"), trained,
                     f"{v.doc} {v.advice}", raster))  # fmt: skip
    head = ("Key", "Name", "Unit", "Default", "Allowed", "Trained", "Meaning, and how to enter it", "Raster instead")
    return table(head, rows)


def presets_table() -> str:
    """The soils and cases that the dialog offers, with their sources."""
    from slopecast.plugin.core.presets import GROUPS, PRESETS
    from slopecast.plugin.variables import BY_NAME

    units = {variable.key: variable.unit for variable in BY_NAME.values()}
    lines = []
    for group, (title, source) in GROUPS.items():
        rows = [
            (preset.label, ", ".join(f"{key} {value:.4g} {units.get(key, '')}" for key, value in preset.values.items()))
            for preset in PRESETS
            if preset.group == group
        ]
        lines.append(f"**{title}** ({source})\n\n{table(('Preset', 'Values'), rows)}")
    return "\n\n".join(lines)


def models_section() -> str:
    """The graphical models that come with the plugin, with their outputs."""
    from slopecast.plugin.algorithms.graphical_model import graphical_models

    start_qgis()
    parts = []
    for model in graphical_models():
        outputs = [p for p in model.parameterDefinitions() if p.isDestination()]
        texts = model.helpContent()
        rows = [(f"`{p.name()}`", escape(p.description()), escape(str(texts[p.name()]))) for p in outputs]
        inputs = ", ".join(f"`{p.name()}`" for p in model.parameterDefinitions() if not p.isDestination())
        parts += [
            f'<a id="{model.name()}"></a>', f"### {model.displayName()}", f"`slopecast:{model.name()}`",
            escape(str(texts["ALG_DESC"])),
            f"Inputs: {inputs}.", table(("Key", "Output", "Help"), rows),
        ]  # fmt: skip
    return "\n\n".join(parts)


def constants_table() -> str:
    """Fixed numbers that the theory manual names, read from the code."""
    rows = [(meaning, f"{_constant(file, name):g}", unit) for meaning, file, name, unit in CONSTANTS]
    return table(("Constant", "Value", "Unit"), rows)


def _constant(file: str, name: str) -> float:
    """Value of a module's constant; read from the source, as some modules need torch."""
    for node in ast.parse((ROOT / "plugin" / file).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            targets, values = [target], [node.value]
            if isinstance(target, ast.Tuple):
                targets, values = target.elts, getattr(node.value, "elts", [])
            for one, value in zip(targets, values):
                if getattr(one, "id", "") == name:
                    return float(ast.literal_eval(value))
    raise KeyError(f"{file}: {name}")


def scores_table() -> str:
    """Scores of the shipped network, from its model card."""
    card = (ROOT / "model_weights" / "network.md").read_text(encoding="utf-8")
    found = _TITLE.search(card)
    network = found[1].rpartition(" ")[2] if found else ""
    section = card.split("## Metrics")[1].split("## ")[0]
    rows = [line[2:].split(": ", 1) for line in section.splitlines() if line.startswith("- ")]
    return table(("Network", f"`{network}`"), [(name.replace("_", " "), value) for name, value in rows])


def algorithms() -> list[Any]:
    """The provider's algorithms in its own order."""
    from slopecast.plugin import provider as module

    start_qgis()
    made = [algorithm() for algorithm in module.ALGORITHMS]
    for algorithm in made:
        algorithm.initAlgorithm({})
    return made


def start_qgis() -> None:
    """Start QGIS with all providers, where it does not run yet: without them models have no outputs."""
    from qgis.core import QgsApplication

    if QgsApplication.instance() is None:
        _KEPT.append(QgsApplication([], False))
        _KEPT[0].initQgis()
    registry = QgsApplication.processingRegistry()
    if registry.providerById("slopecast") is None:
        sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
        from processing.core.Processing import Processing
        from slopecast.plugin.provider import SlopecastProvider

        Processing.initialize()
        _KEPT.append(SlopecastProvider())
        registry.addProvider(_KEPT[-1])


def algorithm_section(algorithm: Any) -> str:
    """An algorithm's id, what it does, and its own parameters; those of every scenario have their table above."""
    from slopecast.plugin.variables import VARIABLES

    shared = {v.key for v in VARIABLES} | {v.layer_key for v in VARIABLES if v.layer}
    if not shared <= {p.name() for p in algorithm.parameterDefinitions()}:
        shared = set()  # it runs no scenario; a key that it shares is its own
    spread = {f"{v.key}_{what}" for v in VARIABLES for what in ("SD", "SD_LAYER", "DISTRIBUTION")}
    fields = {f"{v.key}{sd}_FIELD" for v in VARIABLES for sd in ("", "_SD")}
    inputs = [p for p in algorithm.parameterDefinitions() if not p.isDestination()]
    own = [p for p in inputs if p.name() not in shared | spread | fields]
    destinations = [p for p in algorithm.parameterDefinitions() if p.isDestination()]
    known = {p.name() for p in destinations}
    numbers = [o for o in algorithm.outputDefinitions() if o.name() not in known]
    lines = [
        f'<a id="{algorithm.name()}"></a>', f"### {algorithm.displayName()}", f"`slopecast:{algorithm.name()}`",
        algorithm.SUMMARY,
    ]  # fmt: skip
    if own:
        lines.append(table(("Key", "Input", "Default", "Help"), [_input_row(p) for p in own]))
    names = {p.name() for p in inputs}
    if names & shared:
        lines.append("Also the scenario's numbers and rasters, [as in the table above](#numbers).")
    if names & spread:
        lines.append(
            "For each of the scenario's numbers also `<KEY>_SD` and `<KEY>_SD_LAYER` (standard deviation, in the "
            "number's unit; 0 takes it as certain) and `<KEY>_DISTRIBUTION` (0 normal, 1 lognormal, 2 symmetric "
            "triangular; by default normal, of conductivity and anisotropy lognormal)."
        )
    if names & fields:
        lines.append("`<KEY>_FIELD` and `<KEY>_SD_FIELD` name the field of a parameter, and of its standard deviation.")
    rows = [_output_row(p) for p in destinations if not (names & fields and p.name() != "SOIL_DEPTH")]
    rows += [(f"`{o.name()}`", escape(o.description()), "number or text for models and scripts") for o in numbers]
    if names & fields:
        lines.append("Outputs: a raster for each parameter, under the parameter's key and `<KEY>_SD`.")
    if rows:
        lines.append(table(("Key", "Output", "Help"), rows))
    return "\n\n".join(lines)


def _input_row(parameter: Any) -> tuple[str, ...]:
    optional = parameter.flags() & parameter.Flag.FlagOptional
    default = parameter.defaultValue()
    if hasattr(parameter, "options"):
        chosen = default if isinstance(default, list) else [default]
        default = "; ".join(
            f"{number} {text}{' (default)' if number in chosen else ''}"
            for number, text in enumerate(parameter.options())
        )
    elif isinstance(default, bool):
        default = "yes" if default else "no"
    elif isinstance(default, float):
        default = f"{default:.10g}"
    shown = "optional" if optional and default in (None, "") else "required" if default is None else str(default)
    return f"`{parameter.name()}`", escape(parameter.description()), escape(shown), escape(parameter.help())


def _output_row(parameter: Any) -> tuple[str, ...]:
    optional = " (optional)" if parameter.flags() & parameter.Flag.FlagOptional else ""
    return f"`{parameter.name()}`{optional}", escape(parameter.description()), escape(parameter.help())


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Write a table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def html(name: str, text: str) -> str:
    """Turn a page into HTML that needs no other file than its pictures."""
    import markdown

    body = markdown.markdown(text, extensions=["tables", "fenced_code", "toc"], output_format="html")
    body = re.sub(rf'href="({"|".join(PAGES)})\.md', r'href="\1.html', body)
    found = _TITLE.search(text)
    title = found[1] if found else name
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<!-- made from {name}.md -->\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{navigation(name)}\n{body}\n</body>\n</html>\n"
    )


def navigation(name: str) -> str:
    """Links from a page to the others."""
    links = [p.capitalize() if p == name else f'<a href="{p}.html">{p.capitalize()}</a>' for p in PAGES]
    return f"<nav>{' | '.join(links)}</nav>"


def pages(made: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Every file that this command writes, with its text."""
    for name in PAGES:
        source = DOCS / f"{name}.md"
        text = filled(source.read_text(encoding="utf-8"), made)
        yield source, text
        yield DOCS / f"{name}.html", html(name, text)
    for name in TEXTS:
        source = DOCS / f"{name}.md"
        yield source, filled(source.read_text(encoding="utf-8"), made)


def main() -> int:
    """Write all, and print what changed."""
    checkout.register()
    if "--run" in sys.argv:
        from .tutorial import run

        path = DOCS / "tutorial.md"
        path.write_text(run(path.read_text(encoding="utf-8")), encoding="utf-8")
    for path, text in pages(parts()):
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        if changed:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}: {'written' if changed else 'as it was'}\n")
    sys.stdout.flush()
    os._exit(0)  # QGIS, taken down by the interpreter's end, may crash
