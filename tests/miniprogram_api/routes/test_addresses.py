"""Whose address counts: the hop before the proxies that we named, whatever a caller writes into the header."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from miniprogram_api.routes.addresses import caller_address

PROXIES = tuple(ip_network(text) for text in ("127.0.0.1", "10.0.0.0/8", "::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        # nobody stands between us
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),
        ("203.0.113.7", "127.0.0.1, 10.1.1.1", "203.0.113.7"),
        # one proxy, which adds its caller on the right
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9,198.51.100.10 ,203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        # two in a row
        ("127.0.0.1", "198.51.100.9, 203.0.113.7, 10.2.3.4", "203.0.113.7"),
        # a proxy's own call, and a header that says nothing
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.1", "10.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7,", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, 10.0.0.1, nonsense", "127.0.0.1"),
        # a socket file has no peer
        ("", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        ("", "", ""),
        # a provider gives its customer 64 bits of IPv6 to choose from
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:3:aaaa::1", "", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("::1", "2001:db8:1:2:cccc::3", "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_address_that_counts(peer: str, forwarded: str, counted: str) -> None:
    assert caller_address(peer, forwarded, PROXIES) == counted


def test_without_a_named_proxy_the_header_has_no_effect() -> None:
    assert caller_address("127.0.0.1", "203.0.113.7", ()) == "127.0.0.1"


def test_a_header_of_a_thousand_hops_is_read_from_the_right_and_not_to_its_end() -> None:
    assert caller_address("127.0.0.1", ", ".join(["10.0.0.1"] * 1000), PROXIES) == "10.0.0.1"
    assert caller_address("127.0.0.1", ", ".join(["10.0.0.1"] * 1000 + ["203.0.113.7"]), PROXIES) == "203.0.113.7"
