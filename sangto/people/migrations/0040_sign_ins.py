import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0030_copies")]
    operations = [
        migrations.CreateModel(
            name="ProviderLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=500)),
                ("subject", models.CharField(max_length=255)),
                ("tied_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="provider_links", to="people.member"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="provider_account_of_one_member"),
                    models.UniqueConstraint(fields=("member", "issuer"), name="member_has_one_account_a_provider"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True), models.Q(("subject", ""), _negated=True)
                        ),
                        name="provider_account_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("began_at", models.DateTimeField()),
                ("last_day", models.DateField()),
                ("confirmed_by", models.CharField(max_length=20)),
                ("label", models.CharField(blank=True, max_length=60)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_ins", to="people.member"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by__in", ("password", "passkey", "app", "codes", "provider"))),
                        name="sign_in_confirmed_by_known",
                    )
                ],
            },
        ),
    ]
