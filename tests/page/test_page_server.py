import socket

import pytest
from fakes.product import NORM, product
from fastapi.testclient import TestClient

from bot.domain.errors import SettingWrong
from bot.page.server import address, build_app, free_port


def test_the_next_port_is_taken_when_somebody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        assert free_port("127.0.0.1", first) > first


def test_an_address_of_another_machine_is_told():
    with pytest.raises(SettingWrong, match=r"192\.0\.2\.1"):
        free_port("192.0.2.1", 7860)


def test_addresses_can_be_typed_into_a_browser():
    assert address("0.0.0.0", 7860) == "http://127.0.0.1:7860/"
    assert address("::1", 7860) == "http://[::1]:7860/"
    assert address("localhost", 80) == "http://localhost:80/"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    kaodian = product(tmp_path_factory.mktemp("home"), ("bn.md", NORM))
    return TestClient(build_app(kaodian), base_url="http://127.0.0.1:7860")


def test_the_root_leads_to_the_language_of_the_settings(client):
    reply = client.get("/", follow_redirects=False)
    assert reply.status_code == 307
    assert reply.headers["location"] == "/zh/"


@pytest.mark.parametrize(("path", "word"), [("/zh/", "考点"), ("/en/", "Kaodian")])
def test_both_languages_are_served_under_the_policy(client, path, word):
    reply = client.get(path)
    assert reply.status_code == 200
    assert word in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert "https://fonts" not in reply.text


@pytest.mark.parametrize("path", ["/zh", "/en"])
def test_history_and_analytics_are_off_and_no_event_is_public(client, path):
    config = client.get(f"{path}/config").json()
    assert config["run_history"] is False
    assert config["analytics_enabled"] is False
    assert client.get(f"{path}/gradio_api/info").json()["named_endpoints"] == {}


def test_files_of_the_machine_are_not_given_out(client):
    assert client.get("/zh/gradio_api/file=/etc/passwd").status_code in (403, 404)


def test_it_says_that_it_is_well(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg")


def test_a_stranger_s_name_is_refused(client):
    assert client.get("/zh/", headers={"host": "evil.example"}).status_code == 421
    assert client.post("/api/v1/ask", json={}, headers={"host": "evil.example"}).status_code == 421
