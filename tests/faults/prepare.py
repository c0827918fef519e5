"""A program: bring the database up to date and enrol three members; prints their tokens. See `homes`."""

import json

import django


def main() -> None:
    """Migrate, enrol, print."""
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from sangto.people.actions import enrol, found_unit, issue_token

    call_command("migrate", verbosity=0, interactive=False)
    unit = found_unit("desk", name="Phường Sông Xanh", on=timezone.localdate())
    tokens = {}
    for name, role in (("editor", "editor"), ("approver", "approver"), ("ruler", "approver")):
        member = enrol(name, full_name=name.title(), password="correct horse battery", unit=unit, role=role)
        tokens[name] = issue_token(member, now=timezone.now(), may_approve=True)
    print(json.dumps(tokens))


if __name__ == "__main__":
    main()
