"""Whose address a request comes from: the peer's, or what the proxies we named say of the hop before them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What one customer of a provider usually gets: a phone changes the rest at will (RFC 8981).
IPV6_BITS = 64
HOPS_MAX = 20  # of a header that is longer nothing more is believed


def caller_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The caller as it is counted: an IPv4 address, or the /64 of an IPv6 one.

    `forwarded` is X-Forwarded-For, to which each proxy adds on the right whom it was called by. It is read from the
    right, and only as far as each hop is one of the `trusted`: what a caller writes into it itself has no effect. A
    server that listens on a socket file has no peer; then its one neighbour is the proxy.
    """
    caller = _address(peer)
    hops = [hop.strip() for hop in forwarded.rsplit(",", HOPS_MAX)[-HOPS_MAX:]] if forwarded and trusted else []
    while hops and (caller is None or _is_one_of(caller, trusted)):
        before = _address(hops.pop())
        if before is None:
            break
        caller = before
    return "" if caller is None else _counted(caller)


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_one_of(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    # Through the number, because a scope (fe80::1%eth0) belongs to our side of the line.
    return str(ipaddress.ip_network((int(address), IPV6_BITS), strict=False))
