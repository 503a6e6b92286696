"""Fixtures that more than one room needs."""

import os
import sys
from pathlib import Path

import platformdirs
import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["suite_hooks"]


@pytest.fixture(scope="session", autouse=True)
def nothing_leaves_the_machine():
    """This process talks to this machine only; models are fetched by a process of their own."""
    from fakes.loopback import guard

    with pytest.MonkeyPatch.context() as patch:
        guard(patch)
        yield


@pytest.fixture(scope="session")
def model_store():
    """The embedded models, kept outside the clone between runs (KAODIAN_TEST_MODELS moves them)."""
    from bot.models import open_models
    from bot.settings import Settings

    cache = os.environ.get("KAODIAN_TEST_MODELS") or platformdirs.user_cache_dir(
        "kaodian-test", appauthor=False
    )
    return open_models(Settings(), Path(cache))


@pytest.fixture(scope="session")
def embedder(model_store):
    """The embedded embedding model, fetched when it is missing."""
    from bot.adapters.embedding import make_embedder
    from bot.models import EMBEDDING_MODEL
    from bot.settings import Settings

    fetch_or_skip(model_store, EMBEDDING_MODEL)
    return make_embedder(Settings(embedding="embedded"), model_store)


def fetch_or_skip(store, name):
    """Fetch a model, or skip where that is impossible."""
    from bot.domain.errors import KaodianError

    try:
        return store.pull(name)
    except KaodianError as error:
        reason = " ".join(str(error).split())
        pytest.skip(f"model {name} cannot be fetched; connect, or set KAODIAN_TEST_MODELS ({reason})")


@pytest.fixture(scope="session")
def llm_server(model_store, tmp_path_factory):
    """The embedded language model as it ships, with the adapter it judges with; one child for all tests."""
    from bot.adapters.llm import EmbeddedModel
    from bot.models import LANGUAGE_MODEL, adapter_for
    from bot.settings import Settings

    path = fetch_or_skip(model_store, LANGUAGE_MODEL)
    home = tmp_path_factory.mktemp("llm")
    model = EmbeddedModel(
        Settings(home=home), lambda: path, lambda file: adapter_for(file, home / "adapters")
    )
    yield model
    model.server.stop()


@pytest.fixture(scope="session")
def word_reader(llm_server):
    """The same model as a judge reads it."""
    from bot.adapters.llm import make_word_reader

    return make_word_reader(llm_server)
