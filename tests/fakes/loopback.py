"""Nothing in this process may talk to another machine."""

import ipaddress
import socket


class LeftTheMachine(AssertionError):
    """Something tried to reach another machine."""


def is_local(address):
    """Whether a socket address is a file, a loopback address or a name for one."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def guard(monkeypatch):
    """Let sockets connect to this machine only."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(real):
        def call(self, address):
            if not is_local(address):
                raise LeftTheMachine(f"a connection to {address[0]} was tried")
            return real(self, address)

        return call

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
