"""The address people type, `BASE_URL`: taken apart and written as browsers write it, or refused in one line."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"(?=.{{1,253}}\Z){LABEL}(\.{LABEL})*")
LOOKS_LIKE_A_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")  # browsers take such a host for an IPv4 address
DEFAULT_PORTS = {"https": 443, "http": 80}


class NotAnAddressError(ValueError):
    """What is wrong with it, as the end of a sentence that begins with the variable's name."""


@dataclass(frozen=True)
class Address:
    """Scheme, host and port, as they stand in `Host` and `Origin` headers."""

    scheme: str
    domain: str  # a name, an IPv4 address, or an IPv6 address in brackets
    port: int | None  # None where it goes without saying

    @property
    def host(self) -> str:
        return self.domain if self.port is None else f"{self.domain}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def mail_domain(self) -> str:
        """What stands behind the @ in e-mail addresses at this host."""
        if self.domain.startswith("["):
            return f"[IPv6:{self.domain[1:-1]}]"
        return f"[{self.domain}]" if LOOKS_LIKE_A_NUMBER.fullmatch(self.domain) else self.domain


def parse_address(text: str) -> Address:
    """The address in `text`; NotAnAddressError says what is wrong, without a password that may stand in it."""
    text = text.strip()
    if not re.fullmatch(r"[!-~]*", text):
        raise NotAnAddressError("must hold no spaces and only ASCII (a name such as münchen.example begins with xn--).")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise NotAnAddressError("has a host or a port that cannot be.") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.netloc:
        raise NotAnAddressError("must begin with https:// (or http:// in development) and a host.")
    if "@" in parts.netloc:
        raise NotAnAddressError("must not hold a user name or a password.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise NotAnAddressError("must end after the host: Second Look needs a host of its own, without a path.")
    domain = _domain(parts)
    if domain is None or port == 0:
        raise NotAnAddressError("has a host or a port that cannot be.")
    return Address(parts.scheme, domain, None if port == DEFAULT_PORTS[parts.scheme] else port)


def _domain(parts: SplitResult) -> str | None:
    """The host as browsers send it; None when they cannot."""
    host = (parts.hostname or "").removesuffix(".")
    try:
        if "[" in parts.netloc:
            if not re.fullmatch(r"\[[^]]*\](:\d*)?", parts.netloc):
                return None
            address = IPv6Address(host)
            return None if address.scope_id else f"[{address}]"
        if LOOKS_LIKE_A_NUMBER.fullmatch(host):
            return str(IPv4Address(host))
    except AddressValueError:
        return None
    return host if NAME.fullmatch(host) else None
