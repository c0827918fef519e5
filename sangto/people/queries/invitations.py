"""Links that still work."""

import hashlib
from datetime import datetime

from sangto.people.models import Invitation


def invitation_by_secret(secret: str, *, now: datetime) -> Invitation | None:
    """The invitation with this secret, unless it was used or has ended."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    rows = Invitation.objects.select_related("unit", "renews__user")
    return rows.filter(digest=digest, used_at__isnull=True, ends_at__gt=now).first()
