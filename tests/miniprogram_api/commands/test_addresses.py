"""Addresses: a taken port is seen, and the certificate for a phone covers what the phone opens."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from pathlib import Path

from miniprogram_api.commands.addresses import Addresses, certificate_for, port_is_free


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)


def test_without_lan_everything_stays_on_this_machine() -> None:
    found = Addresses(8000, None)
    assert (found.server, found.phone) == ("http://127.0.0.1:8000", None)
    assert (found.kiosk, found.code_base_url) == ("http://127.0.0.1:8001", "HTTP://127.0.0.1:8000")


def test_with_lan_the_codes_lead_a_phone_to_this_machine_and_the_kiosk_stays_on_the_loopback() -> None:
    found = Addresses(8000, "192.168.1.7")
    assert (found.phone, found.code_base_url) == ("https://192.168.1.7:8000", "HTTPS://192.168.1.7:8000")
    assert (found.server, found.kiosk) == ("http://127.0.0.1:8000", "http://127.0.0.1:8001")


def test_the_certificate_is_trusted_for_its_addresses_and_its_key_is_for_the_owner_only(tmp_path: Path) -> None:
    certificate, key = certificate_for(tmp_path, ["127.0.0.1", "192.168.1.7"])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer_once, args=(server, ours))
        answering.start()
        trusting = ssl.create_default_context(cafile=str(certificate))
        with (
            socket.create_connection(server.getsockname()) as line,
            trusting.wrap_socket(line, server_hostname="127.0.0.1") as phone,
        ):
            assert phone.recv(2) == b"ok"
        answering.join()


def _answer_once(server: socket.socket, context: ssl.SSLContext) -> None:
    line, _ = server.accept()
    with line, context.wrap_socket(line, server_side=True) as secure:
        secure.sendall(b"ok")


def test_a_certificate_that_still_fits_is_kept_and_another_network_gets_a_new_one(tmp_path: Path) -> None:
    first = certificate_for(tmp_path, ["127.0.0.1", "192.168.1.7"])[0].read_bytes()
    assert certificate_for(tmp_path, ["127.0.0.1", "192.168.1.7"])[0].read_bytes() == first
    assert certificate_for(tmp_path, ["127.0.0.1", "10.0.0.5"])[0].read_bytes() != first
