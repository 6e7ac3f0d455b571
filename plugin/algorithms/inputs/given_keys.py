"""Checks keys and switches of scripts and commands, as Processing ignores unknown ones."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProcessingParameterBoolean

from ...core.errors import ErrorCollector, InputError
from ...text import Text, joined
from ..log import Log
from ..parameter_values import ParameterValues

_LEAST_SIMILARITY = 0.85  # of two keys, 1 for the same: beyond it an unknown one is a slip
_SHORTEST_WORD = 3  # of a key that may stand for a longer one
#: Texts that Processing reads correctly as switches; it reads all others as true.
_SWITCHES = ("true", "false", "1", "0", "yes", "on", "")


def check_keys(parameters: ParameterValues) -> None:
    """Raise :class:`InputError` for keys that misspell a parameter, and switches that are neither true nor false."""
    definitions = {definition.name(): definition for definition in parameters.algorithm.parameterDefinitions()}
    errors = ErrorCollector()
    for key in _unknown(parameters):
        meant = _intended_key(
            key, [name for name in definitions if name not in parameters.values or name == key.upper()]
        )
        with errors.catch():
            if meant and not _belongs_to_another_tool(key):
                raise InputError(key, "is not a parameter of this tool", advice=Text("Did you mean {}?", meant))
    for key, definition in definitions.items():
        given = parameters.get(key)
        is_switch = isinstance(definition, QgsProcessingParameterBoolean) and isinstance(given, str)
        with errors.catch():
            if is_switch and given.lower() not in _SWITCHES:
                raise InputError(parameters.label(key), Text("'{}' is unknown", given), "true or false")
    errors.raise_all()


def report_unknown_keys(parameters: ParameterValues, log: Log) -> None:
    """Warn of keys that are no parameters."""
    unknown = _unknown(parameters)
    if unknown:
        log.pushWarning(Text("Not used, as this tool has no such parameters: {}.", joined(", ", unknown)))


def report_defaults(parameters: ParameterValues, log: Log) -> None:
    """Log parameters that are given without a value: Processing takes their default, as if they were left out."""
    required = [one for one in parameters.algorithm.parameterDefinitions() if not parameters.is_optional(one.name())]
    given = [one for one in required if one.name() in parameters.values and parameters.get(one.name()) is None]
    used = [f"{one.name()} {one.defaultValue()}" for one in given if one.defaultValue() is not None]
    if used:
        log.pushInfo(Text("Given without a value (None or null), so that the defaults are used: {}.", ", ".join(used)))


def _unknown(parameters: ParameterValues) -> list[str]:
    """Keys that are no parameters."""
    names = {definition.name() for definition in parameters.algorithm.parameterDefinitions()}
    return [key for key in parameters.values if key not in names]


def _belongs_to_another_tool(key: str) -> bool:
    """Whether a key is a parameter of another Slopecast tool: scripts may pass one dict to several tools."""
    provider = QgsApplication.processingRegistry().providerById("slopecast")
    tools = [] if provider is None else provider.algorithms()
    return any(key == definition.name() for tool in tools for definition in tool.parameterDefinitions())


def _intended_key(key: str, names: list[str]) -> str:
    """The parameter that a key misspells, or names as columns of tables may do; empty where there is none."""
    if key.upper() in names:
        return key.upper()
    from difflib import get_close_matches

    from ...core.tables.columns import recognized

    of_tables = [name.upper() for name in recognized([key]) if name.upper() in names]
    alike = [name for name in names if name.count("_") == key.count("_")]
    same_words = [name for name in alike if _same_words(name, key.upper())]
    return next(iter([*of_tables, *get_close_matches(key.upper(), alike, 1, _LEAST_SIMILARITY), *same_words]), "")


def _same_words(name: str, key: str) -> bool:
    """Whether a key has a name's words in any order, whole or cut short: ``MINIMUM_DEPTH`` is ``DEPTH_MIN``."""
    pairs = [sorted(pair, key=len) for pair in zip(sorted(name.split("_")), sorted(key.split("_")))]
    return "_" in name and all(
        long == short or (len(short) >= _SHORTEST_WORD and long.startswith(short)) for short, long in pairs
    )
