"""The product with its vectors on a Chroma server, set by KAODIAN_CHROMA_URL alone."""

import json
from urllib.parse import urlsplit

import pytest
from chromadb import HttpClient
from fakes.product import NORM
from fakes.terminal import Terminal
from servers.chroma import ChromaServer
from servers.program import Program, assert_graded
from servers.watching import Watch, guarded

from bot.cli.findings import examine
from bot.settings import Settings


@pytest.fixture
def env(tmp_path, model_store, embedder):
    """Settings of a new home with the embedding model, its vectors on a server."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(model_store.path("multilingual-e5-small").parents[1])
    with ChromaServer(tmp_path / "server") as server:
        yield {
            "KAODIAN_HOME": str(home),
            "KAODIAN_CHROMA_URL": server.url,
            "KAODIAN_SAMPLE": "off",
            "KAODIAN_LLM": "none",
        }


@pytest.fixture
def kaodian(env, monkeypatch, capsys):
    """Types a command; gives its result."""
    terminal = Terminal(monkeypatch, capsys, **env)

    def typed(*arguments):
        done = terminal(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return typed


def lose_everything(url):
    """Delete what the server holds, as a server whose disk was lost."""
    address = urlsplit(url)
    client = HttpClient(host=address.hostname, port=address.port)
    for collection in client.list_collections():
        client.delete_collection(collection.name)


@pytest.mark.real
def test_notes_on_a_chroma_server_are_read_found_again_after_a_loss_and_served(tmp_path, env, kaodian):
    note, home = tmp_path / "bn.md", tmp_path / "home"
    note.write_text(NORM, "utf-8")
    assert kaodian("ingest", str(note), "--json")["embedded"] > 0
    lose_everything(env["KAODIAN_CHROMA_URL"])
    settings = Settings(home=home, llm="none", sample="off", chroma_url=env["KAODIAN_CHROMA_URL"])

    def index():
        return next(finding for finding in examine(settings) if finding.name == "index")

    assert not index().ok
    assert "kaodian chunks" in index().words
    assert env["KAODIAN_HOME"] not in index().words
    answer = kaodian("ask", "BN 在训练和测试时有什么区别？", "--json")
    assert answer["outcome"] == "passages"
    assert "滑动平均" in answer["citations"][0]["quote"]
    assert index().ok
    assert kaodian("ingest", str(note), "--json")["embedded"] == 0
    assert not list(home.rglob("chroma.sqlite3")), "no vectors beside the server's"
    record = tmp_path / "left"
    serve = ("-m", "bot.cli", "serve", "--json")
    with Program(home, *serve, **env, **guarded(record)) as program, Watch(program.pid) as watch:
        assert json.dumps({"address": program.url + "/"}, indent=2) in "".join(program.log)
        asked = program.post("/api/v1/ask", question="BN 为什么能加快收敛？")
        assert "学习率" in asked["citations"][0]["quote"]
        assert_graded(program)
    assert watch.stayed
    assert not record.exists(), record.read_text()


def test_the_doctor_asks_the_server(tmp_path):
    def told(url):
        settings = Settings(home=tmp_path, llm="none", chroma_url=url)
        (finding,) = [each for each in examine(settings) if each.name == "chroma"]
        assert url in finding.words
        return finding.ok

    with ChromaServer(tmp_path / "server") as server:
        assert told(server.url)
    assert not told(server.url)
