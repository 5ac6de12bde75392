import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from conditions import database


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0002_frozen_releases'),
    ]

    operations = [
        migrations.CreateModel(
            name='Composite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('version', models.CharField(max_length=80)),
                ('population', models.TextField()),
                ('gate', models.JSONField(blank=True, null=True)),
                ('unless', models.JSONField(blank=True, null=True)),
                ('parts', models.JSONField()),
                ('bands', models.JSONField()),
                ('mode', models.CharField(choices=[('replace_parts', 'Replace Parts'), ('gate', 'Gate'), ('report_only', 'Report Only')], max_length=20)),
                ('for_conditions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('reference', models.CharField(max_length=80)),
                ('replaces', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('use_when', models.JSONField()),
                ('instead_of', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('vocabulary_finding', models.JSONField(blank=True, null=True)),
                ('audience', models.CharField(choices=[('clinician', 'Clinician'), ('everyone', 'Everyone')], max_length=20)),
                ('show', models.TextField()),
                ('red_flag', models.CharField(blank=True, max_length=80)),
                ('performance', models.JSONField(blank=True, default=list)),
                ('citations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('estimate', models.TextField(blank=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conditions.release')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('release', 'key'), name='composite_key_unique_in_release'), models.CheckConstraint(condition=models.Q(('mode__in', ['replace_parts', 'gate', 'report_only'])), name='composite_mode_known'), models.CheckConstraint(condition=models.Q(('audience__in', ['clinician', 'everyone'])), name='composite_audience_known'), models.CheckConstraint(condition=models.Q(('for_conditions', []), _negated=True), name='composite_has_conditions'), models.CheckConstraint(condition=models.Q(('citations', []), ('estimate', ''), _negated=True), name='composite_has_source')],
            },
        ),
        database.freeze_rows('conditions_composite'),
    ]
