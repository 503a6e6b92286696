"""Numbers that the notes state are computed, and looked for in the text."""

import numbers_data
import numbers_generative
import numbers_learning
import numbers_mathematics
import numbers_networks
import numbers_training
import pytest
from notes_on_disk import CORPUS

AREAS = (
    numbers_training,
    numbers_networks,
    numbers_data,
    numbers_generative,
    numbers_learning,
    numbers_mathematics,
)
PHRASES = [
    pytest.param(note, phrase, id=f"{note}-{i}")
    for area in AREAS
    for note, phrases in area.STATED.items()
    for i, phrase in enumerate(phrases())
]


@pytest.mark.parametrize(("note", "phrase"), PHRASES)
def test_computed_number_stands_in_the_note(note: str, phrase: str):
    assert phrase in (CORPUS / f"{note}.md").read_text(encoding="utf-8")
