"""The formats that can be imported, by the name an operator types."""

from sangto.interchange.checkthat import read_checkthat
from sangto.interchange.claimreview import read
from sangto.interchange.rows import Reader
from sangto.interchange.tables import read_csv, read_jsonl

FORMATS: dict[str, Reader] = {
    "claimreview": read,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "checkthat": read_checkthat,
}
