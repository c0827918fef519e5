"""Software by other people that verifies our log: `python -m tests.ledger.peers DIR`.

DIR is a published log:

    checkpoint              the newest signed checkpoint (C2SP tlog-checkpoint)
    checkpoints/<size>      older ones, verbatim
    tile/...                tiles and entry bundles (C2SP tlog-tiles), not compressed
    policy                  C2SP tlog-policy
    vkey                    the log's key, one line
    receipts/*.tlog-proof   C2SP tlog-proof, with our extra line or without one

The peers are three verifiers (`go`, `aics`, `scales`) and a witness (`witness`). Their software is in `.venv-peers`,
made by `make peers`, and in Debian's Go packages. None of it is a dependency of the desk or imported by our tests.
"""
