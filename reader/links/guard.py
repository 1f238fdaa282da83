"""What may be asked: names resolved once, every address judged, the judged one connected to."""

from __future__ import annotations

from collections.abc import Sequence

from reader.links import addresses
from reader.links.addresses import Address
from reader.links.settings import STANDARD_PORTS, Network
from reader.links.targets import RefusedError, Target, parse

MAX_ADDRESSES = 64
"""A name that gives more is refused: all of them would have to be judged."""


class Guard:
    """Judges where a connection would go."""

    def __init__(self, allow: Sequence[Network], ports: frozenset[int]) -> None:
        self._allow = tuple(allow)
        self._ports = STANDARD_PORTS | ports

    def target(self, url: str) -> Target:
        """Return what would be asked for a URL, as far as that is known before its name is
        resolved; raises RefusedError."""
        target = parse(url)
        self.check_port(target)
        if target.literal is not None:
            self.check(target, [target.literal])
        return target

    def check_port(self, target: Target) -> None:
        """Raise RefusedError for a port that no allowed network could open: nothing is resolved then."""
        if target.port not in self._ports and not self._allow:
            raise RefusedError(_port_refused(target))

    def check(self, target: Target, given: Sequence[Address]) -> tuple[Address, ...]:
        """Return the addresses to connect to, in the order given; raises RefusedError.

        One address that is not public, and not allowed, refuses them all: a name that mixes them
        is an attack, or a mistake that reaches an inside network.
        """
        if len(given) > MAX_ADDRESSES:
            raise RefusedError(f"{target.host} has more than {MAX_ADDRESSES} addresses.")
        for address in given:
            if self._allowed(address):
                continue
            what = addresses.unsafe(address)
            if what is not None:
                is_it = f"{target.host} is" if target.literal else f"{target.host} is {address}:"
                raise RefusedError(f"{is_it} {what}; --allow {address} would open it.")
            if target.port not in self._ports:
                raise RefusedError(_port_refused(target))
        if len(given) == 1:
            return (addresses.plain(given[0]),)
        return tuple(dict.fromkeys(addresses.plain(address) for address in given))

    def check_unresolved(self, target: Target) -> tuple[Address, ...]:
        """Raise RefusedError for what is not to be asked even of a proxy, which looks names up
        itself; return no addresses."""
        if target.literal is not None:
            self.check(target, [target.literal])
        elif target.port not in self._ports:
            raise RefusedError(_port_refused(target))
        return ()

    def _allowed(self, address: Address) -> bool:
        if not self._allow:
            return False
        same = addresses.plain(address)
        for network in self._allow:  # noqa: SIM110 - it is done for each request
            if address in network or same in network:
                return True
        return False


def _port_refused(target: Target) -> str:
    return f"Port {target.port} is not asked; the setting links.ports, or --allow its network, opens it."
