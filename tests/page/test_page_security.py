import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.page.security import Guard, host_name


def client(base="http://127.0.0.1:7860"):
    app = FastAPI()
    app.add_middleware(Guard, names=frozenset({"127.0.0.1", "localhost", "::1"}))

    @app.get("/")
    def home():
        return {}

    return TestClient(app, base_url=base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:7860", "http://localhost", "http://[::1]:7860"])
def test_known_names_are_served_with_the_policy(base):
    reply = client(base).get("/")
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_a_stranger_s_name_for_this_machine_is_refused(host):
    reply = client().get("/", headers={"host": host})
    assert reply.status_code == 421
    assert "content-security-policy" in reply.headers


def test_names_are_read_without_ports():
    assert host_name("LocalHost:80") == "localhost"
    assert host_name("[::1]:7860") == "::1"
    assert host_name("[") == ""
