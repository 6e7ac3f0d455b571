"""Counted nouns in messages are in the singular where there is one."""

import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.text import Text, in_singular, translated


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1 features contain no cell centre", "1 feature contains no cell centre"),
        ("1 further cells were unstable", "1 further cell was unstable"),
        ("leave 1 cells that are 5 m away", "leave 1 cell that is 5 m away"),
        ("1 areas with 1 cells.", "1 area with 1 cell."),
        ("1 of 160,000 cells fail (0.01 %)", "1 of 160,000 cells fail (0.01 %)"),
        ("In 1 of 1 scenarios cells have FS < 1", "In 1 of 1 scenarios cells have FS < 1"),
        ("11 rows, 2,001 rows, 0.1 cells, 1 x 1 cells", "11 rows, 2,001 rows, 0.1 cells, 1 x 1 cells"),
        ("2 of 1 features; class 1 cells", "2 of 1 features; class 1 cells"),
        ("200 parameter sets, 1 hydrological simulations", "200 parameter sets, 1 hydrological simulation"),
        ("1 cellscape", "1 cellscape"),
        (
            "1 cells with a factor of safety near 1 are near steps",
            "1 cell with a factor of safety near 1 is near steps",
        ),
        ("1 layers of the project are named 'x'", "1 layer of the project is named 'x'"),
        ("1 cells of the mask differ", "1 cell of the mask differs"),
        ("1 cells in rows that are empty", "1 cell in rows that are empty"),
        ("1 rows in 2 files.", "1 row in 2 files."),
        (
            "1 scenarios from 1 study areas in 1 blocks; 1 time steps; 1 validation cases",
            "1 scenario from 1 study area in 1 block; 1 time step; 1 validation case",
        ),
        ("1 stable cells with a landslide were excluded.", "1 stable cell with a landslide was excluded."),
        ("site 1 layers.tif has 1 layers.", "site 1 layers.tif has 1 layer."),
    ],
)
def test_nouns_and_verbs_follow_the_number(text: str, right: str) -> None:
    assert in_singular(text) == right


@pytest.mark.parametrize(("count", "word"), [(0, "0 rows are"), (1, "1 row is"), (21, "21 rows are")])
def test_messages_follow_their_number(count: int, word: str) -> None:
    text = Text("{} rows are empty", count)
    assert text.startswith(word)
    assert translated(text, str).startswith(word)
    assert word in str(InputError("Table", text))
    assert translated(text, {"{} rows are empty": "{} Zeilen sind leer"}.get) == f"{count} Zeilen sind leer"
