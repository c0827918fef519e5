"""A Member is a person; what they may do is said by their Grants alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0010_grants")]
    operations = [
        migrations.RemoveConstraint(
            model_name='member',
            name='member_role_known',
        ),
        migrations.RemoveField(
            model_name='member',
            name='role',
        ),
        migrations.RemoveField(
            model_name='member',
            name='unit',
        ),
    ]
