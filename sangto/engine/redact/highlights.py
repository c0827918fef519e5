"""Names and home addresses: found for a person to decide on, never masked by machine."""

from dataclasses import dataclass

from sangto.engine.redact.addresses import addresses
from sangto.engine.redact.names import names
from sangto.engine.redact.view import plain

NAME, ADDRESS = "name", "address"
KINDS = (NAME, ADDRESS)


@dataclass(frozen=True)
class Highlight:
    """Words of a text, from `start` to `end`, that may be a person's name or home address."""

    start: int
    end: int
    kind: str


def highlights(text: str) -> tuple[Highlight, ...]:
    """What may be a personal name or a home address, in order of place and without overlaps.

    From patterns and lists alone: not everything is found, and not everything found is one. Names of streets, wards and
    schools that honour a person are left out where the word before says so.
    """
    view = plain(text)
    homes = [(*view.place(*span), ADDRESS) for span in addresses(view.text)]
    called = [(*view.place(*span), NAME) for span in names(view.text)]
    free = [one for one in called if not any(start < one[1] and one[0] < end for start, end, _ in homes)]
    return tuple(Highlight(*one) for one in sorted([*homes, *free]))
