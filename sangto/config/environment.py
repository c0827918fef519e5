"""How settings are read from the environment: each kind once, with the error that an operator can act on."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from sangto.engine.addresses import Network, networks_of
from sangto.engine.buckets import Budget
from sangto.engine.merkle.policies import Policy
from sangto.engine.web_addresses import hosts_of

NAMES_READ: set[str] = set()  # `sangto check` warns of a variable that is like ours but is not in it


def env(name: str, default: str = "") -> str:
    """The value of an environment variable, or of the file that `NAME_FILE` points to."""
    NAMES_READ.update((name, f"{name}_FILE"))
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text().strip() if file else os.environ.get(name, default)


def env_int(name: str, default: int) -> int:
    """A whole number above zero; raises ImproperlyConfigured otherwise."""
    value = env(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number above zero, not {value!r}")
    return int(value)


def env_days(name: str, default: int, *, cap: int, least: int = 1, unit: str = "days") -> int:
    """A term in days, or in another unit; raises ImproperlyConfigured beyond the cap, which is ours and no setting."""
    days = env_int(name, default)
    if not least <= days <= cap:
        raise ImproperlyConfigured(f"{name} must be from {least} to {cap} {unit}, and {days} is not: the cap is fixed")
    return days


def env_wrapping_key(name: str) -> str:
    """The secret that wraps the day keys, or nothing; raises ImproperlyConfigured for one that could be guessed."""
    value = env(name)
    if value and len(value) < 32:
        raise ImproperlyConfigured(f"{name} must have 32 characters or more: make it with `openssl rand -hex 32`")
    return value


def env_share(name: str, default: float) -> float:
    """A share between a half and 1, such as 0.98."""
    value = env(name, str(default))
    try:
        share = float(value)
    except ValueError:
        share = 0.0
    if not 0.5 <= share < 1:
        raise ImproperlyConfigured(f"{name} must be a share from 0.5 to below 1, such as 0.98, not {value!r}")
    return share


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of the choices; raises ImproperlyConfigured otherwise."""
    value = env(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def env_bind(value: str) -> tuple[str, int]:
    """Host and port of `host:port`; raises ImproperlyConfigured when it is not that."""
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
        raise ImproperlyConfigured(f"SANGTO_BIND must be host:port, not {value!r}")
    return host.strip("[]"), int(port)


def env_path(name: str) -> Path | None:
    """A file or folder, absolute; None when it is not given."""
    value = env(name)
    return Path(value).expanduser().resolve() if value else None


def env_policy(name: str) -> str:
    """What a policy file says, empty where none is given; raises ImproperlyConfigured with the line that is wrong."""
    path = env_path(name)
    try:
        text = path.read_text() if path else ""
        if text:
            Policy.read(text)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a policy file (tlog-policy): {error}") from error
    return text


def env_budget(name: str, default: str) -> Budget | None:
    """A budget such as 120/10m, None for "off"; raises ImproperlyConfigured otherwise."""
    try:
        return Budget.read(env(name, default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {error}") from error


def env_networks(name: str, default: str) -> tuple[Network, ...]:
    """Networks or addresses, separated by spaces; raises ImproperlyConfigured otherwise."""
    try:
        return networks_of(env(name, default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.0.0.0/8: {error}") from error


def env_hosts(name: str) -> tuple[str, ...]:
    """Hosts with all below them, separated by spaces or commas, `*` for all; raises ImproperlyConfigured otherwise."""
    try:
        return hosts_of(env(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be hosts such as gov.vn, or *: {error}") from error


def env_time_zone(name: str, default: str) -> str:
    """The name of a time zone; raises ImproperlyConfigured when there is none of that name."""
    value = env(name, default)
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError) as error:  # a folder of zones, a path, a name that is unknown
        raise ImproperlyConfigured(f"{name} must be a time zone such as {default}, not {value!r}") from error
    return value


def env_issuer(name: str) -> str:
    """The address of an identity provider, or nothing; raises ImproperlyConfigured where others could listen."""
    value = env(name)
    parts = urlsplit(value)
    is_safe = parts.scheme == "https" or parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if value and not (is_safe and parts.hostname) or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be an https address without ? and #, not {value!r}")
    return value


def env_database(name: str, default: str) -> dict[str, Any]:
    """The database of an address; raises ImproperlyConfigured, without the address: it can hold a password."""
    address = env(name, default)
    try:
        if urlsplit(address).scheme in ("sqlite", "postgres", "postgresql"):
            return {**dj_database_url.parse(address)}
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be an address, with %40 and the like in its parts") from error
    raise ImproperlyConfigured(f"{name} must start with sqlite:// or postgres://")
