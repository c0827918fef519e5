"""Why a backup or a restore was refused."""


class Refusal(Exception):
    """Nothing was done, or nothing more is; the text is a sentence for the operator, without its full stop."""
