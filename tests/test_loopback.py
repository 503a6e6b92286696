import socket

import pytest
from fakes.loopback import LeftTheMachine, is_local


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 1), "/tmp/x.sock"])
def test_this_machine_may_be_talked_to(address):
    assert is_local(address)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80), ("2001:db8::1", 80, 0, 0)])
def test_others_may_not(address):
    assert not is_local(address)
    with socket.socket() as mine, pytest.raises(LeftTheMachine):
        mine.connect(address)
