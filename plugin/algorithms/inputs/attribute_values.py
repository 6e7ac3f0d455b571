"""Converts attributes of QGIS features to plain Python values."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from qgis.core import NULL
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, QTime


def plain_value(value: Any) -> Any:
    """An attribute as a Python value; NULL and invalid dates are ``None``."""
    if value is None or value == NULL:
        return None
    if isinstance(value, QDateTime):
        return datetime.combine(_date(value.date()), _time(value.time())) if value.isValid() else None
    if isinstance(value, (QDate, QTime)):
        made = _date if isinstance(value, QDate) else _time
        return made(value) if value.isValid() else None
    return bytes(value).hex() if isinstance(value, QByteArray) else value


def _date(value: QDate) -> date:
    return date(value.year(), value.month(), value.day())


def _time(value: QTime) -> time:
    return time(value.hour(), value.minute(), value.second(), 1000 * value.msec())


def plain_number(value: Any) -> Any:
    """A number of numpy, which Processing does not know, as one of Python; anything else as it is."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value
