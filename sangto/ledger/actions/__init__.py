"""What changes the log. It is only ever added to."""

from sangto.ledger.actions.append import append, append_once, date_leaf
from sangto.ledger.actions.cosign import Verdict, cosign
from sangto.ledger.actions.publish import mend_missing, mend_tiles
from sangto.ledger.actions.recover import CannotRecover, recover
from sangto.ledger.actions.sequence import forget_looks, look_through, sequence
from sangto.ledger.actions.shards import Outrun, next_shard, open_shard
from sangto.ledger.actions.witnesses import Said, ask_witnesses

__all__ = [
    "CannotRecover",
    "Outrun",
    "Said",
    "Verdict",
    "append",
    "append_once",
    "ask_witnesses",
    "cosign",
    "date_leaf",
    "forget_looks",
    "look_through",
    "mend_missing",
    "mend_tiles",
    "next_shard",
    "open_shard",
    "recover",
    "sequence",
]
