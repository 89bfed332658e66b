"""Connections to public addresses only.

A name is looked up once, and the connection goes to the very address that was checked, so that a name that
changes its address between two look-ups (DNS rebinding) gains nothing. What counts as public follows the
registries of IANA for special-purpose addresses (RFC 6890), as Python's ``ipaddress`` has them.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

from .errors import WebError

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_CGNAT: Final = ipaddress.ip_network("100.64.0.0/10")


def is_public(address: str) -> bool:
    """Tell whether *address* (IPv4 or IPv6, as text) is one that everybody can reach."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # These lead to an IPv4 address that stands in them.
        if ip.ipv4_mapped or ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.sixtofour or ip.teredo or ip.is_site_local:
            return False  # tunnels that are out of use, and what came before fc00::/7
    return not (
        ip in _CGNAT
        or ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
    )


def connect(host: str, port: int, timeout: float, *, allow_private: bool) -> socket.socket:
    """Return a socket that is connected to *host*; raise WebError when no address of it may be used or answers."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        temporary = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise WebError(f"the host {host} is not found", again=temporary) from None
    addresses = list(dict.fromkeys((family, place) for family, _, _, _, place in found))
    usable = [one for one in addresses if allow_private or is_public(str(one[1][0]))]
    if not usable:
        shown = ", ".join(dict.fromkeys(str(place[0]) for _, place in addresses))
        raise WebError(
            f"{host} is at the private address {shown}, which is not asked; if you trust it, give --allow-private"
        )
    reason: OSError | None = None
    for family, place in usable[:4]:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(place)
        except OSError as error:
            connection.close()
            reason = error
        else:
            return connection
    told = (
        "it did not answer in time"
        if isinstance(reason, TimeoutError)
        else (reason and reason.strerror) or reason
    )
    raise WebError(f"no connection to {host}: {told}", again=True)
