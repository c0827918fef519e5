"""What changes units, members, Grants and tokens."""

from sangto.people.actions.deeds import record_deed
from sangto.people.actions.enrol import enrol, issue_token, leave
from sangto.people.actions.factors import forget_second_factors, use_factor
from sangto.people.actions.found import found_unit
from sangto.people.actions.grants import CannotGrant, end_grant, grant
from sangto.people.actions.invitations import CannotAccept, accept, invite, renew_password
from sangto.people.actions.load_units import Loaded, Origin, State, load_units, seed_units
from sangto.people.actions.sessions import forget_sessions
from sangto.people.actions.sign_ins import (
    CannotTie,
    begin_sign_in,
    end_all_sign_ins,
    end_other_sign_ins,
    end_sign_in,
    name_sign_in,
    tie_account,
    untie_accounts,
    use_sign_in,
)
from sangto.people.actions.unit_events import (
    Document,
    apply_event,
    changes_of,
    propose,
    refuse_proposal,
    reverse_event,
)
from sangto.people.actions.unit_periods import CannotChangeUnits

__all__ = [
    "CannotAccept",
    "CannotChangeUnits",
    "CannotGrant",
    "CannotTie",
    "Document",
    "Loaded",
    "Origin",
    "State",
    "accept",
    "apply_event",
    "begin_sign_in",
    "changes_of",
    "end_all_sign_ins",
    "end_grant",
    "end_other_sign_ins",
    "end_sign_in",
    "enrol",
    "forget_second_factors",
    "forget_sessions",
    "forget_sessions",
    "found_unit",
    "found_unit",
    "grant",
    "invite",
    "issue_token",
    "issue_token",
    "leave",
    "load_units",
    "name_sign_in",
    "propose",
    "record_deed",
    "refuse_proposal",
    "renew_password",
    "reverse_event",
    "seed_units",
    "tie_account",
    "untie_accounts",
    "use_factor",
    "use_sign_in",
]
