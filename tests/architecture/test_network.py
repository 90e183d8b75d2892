"""The tests' own rule: nothing leaves this machine."""

from __future__ import annotations

import socket

import pytest


def test_a_connection_to_the_outside_is_refused_before_a_packet_is_sent() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="this machine only"):
        outside.connect(("192.0.2.1", 80))


def test_a_name_of_the_outside_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="this machine only"):
        socket.create_connection(("island.example", 80))


def test_a_datagram_to_the_outside_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside,
        pytest.raises(AssertionError, match="this machine only"),
    ):
        outside.sendto(b"hello", ("192.0.2.1", 9))


def test_the_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as phone:
        assert phone.getpeername() == server.getsockname()
