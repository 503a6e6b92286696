"""Python loads this first where this folder is on PYTHONPATH: every attempt to leave the machine is written
to the file in KAODIAN_TEST_LEAVING, and fails. An audit hook cannot be taken out again by what runs later."""

import ipaddress
import os
import socket
import sys
from pathlib import Path

ADDRESS = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
NAME = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0}
INTERNET = (socket.AF_INET, socket.AF_INET6)
HERE = ("", "localhost", socket.gethostname())


def is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host is None or host in HERE:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def watch(event, args):
    if event in ADDRESS:
        address = args[ADDRESS[event]]
        host = address[0] if args[0].family in INTERNET and address else None
    elif event in NAME:
        host = args[NAME[event]]
    else:
        return
    if not is_here(host):
        with Path(os.environ["KAODIAN_TEST_LEAVING"]).open("a", encoding="utf-8") as file:
            file.write(f"{event} {host!r}\n")
        raise OSError(f"{event} {host!r} was forbidden by the test")


sys.addaudithook(watch)
