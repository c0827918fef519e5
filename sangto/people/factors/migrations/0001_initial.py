"""allauth's table as its own migrations leave it (0003 of 65.22), without the check that calls a function.

`PRAGMA trusted_schema=OFF` (decision 0003) refuses `JSON_VALID` in a table's own check on SQLite 3.40. allauth writes the
column itself, always as JSON. When allauth changes its models, `makemigrations --check` says so, and a next one comes here.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class UncheckedJSON(models.JSONField):
    """A JSON column that the database does not check; to Django it is any other."""

    def db_check(self, connection):
        return None

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(
                    choices=[
                        ("recovery_codes", "Recovery codes"), ("totp", "TOTP Authenticator"), ("webauthn", "WebAuthn")],
                    max_length=20)),
                ("data", UncheckedJSON()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("type__in", ("totp", "recovery_codes"))),
                        fields=("user", "type"), name="unique_authenticator_type")
                ],
            },
        ),
    ]
