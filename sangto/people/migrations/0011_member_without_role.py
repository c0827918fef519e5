"""A Member is a person; what they may do is said by their Grants alone. The way back takes the oldest that is held."""

import django.db.models.deletion
from django.db import migrations, models


def take_back(apps, schema_editor):
    """Give each Member the Unit of their first Grant, and the one of the two old roles that fits what they hold."""
    grants = apps.get_model("people", "Grant").objects.order_by("ended_at", "pk")
    first_unit = apps.get_model("people", "Unit").objects.order_by("pk").first()
    for member in apps.get_model("people", "Member").objects.all():
        held = [each for each in grants.filter(member=member) if each.ended_at is None] or list(
            grants.filter(member=member)
        )
        member.unit_id = held[0].unit_id if held else first_unit.pk
        member.role = "approver" if "approver" in {each.role for each in held} else "editor"
        member.save(update_fields=["unit", "role"])


class Migration(migrations.Migration):
    dependencies = [("people", "0010_grants")]
    operations = [
        migrations.AlterField(
            model_name="member",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="members", to="people.unit"),
        ),
        migrations.AlterField(
            model_name="member", name="role", field=models.CharField(max_length=20, default="editor")
        ),
        migrations.RunPython(migrations.RunPython.noop, take_back),
        migrations.RemoveConstraint(model_name="member", name="member_role_known"),
        migrations.RemoveField(model_name="member", name="role"),
        migrations.RemoveField(model_name="member", name="unit"),
    ]
