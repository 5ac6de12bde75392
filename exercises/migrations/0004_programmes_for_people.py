import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from conditions import database


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0004_release_source_digest'),
        ('exercises', '0003_drawing'),
    ]

    operations = [
        migrations.AddField(
            model_name='phase',
            name='times_per_week',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='limits',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='programme',
            name='starts',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name='Precaution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('conditions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('text', models.TextField()),
                ('avoid', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('modify', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('citations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('estimate', models.TextField(blank=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conditions.release')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('release', 'key'), name='precaution_key_unique_in_release'), models.CheckConstraint(condition=models.Q(('conditions', []), _negated=True), name='precaution_has_conditions'), models.CheckConstraint(condition=models.Q(('citations', []), ('estimate', ''), _negated=True), name='precaution_has_source')],
            },
        ),
        migrations.CreateModel(
            name='StartingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('decides', models.CharField(choices=[('irritability', 'Irritability'), ('stage', 'Stage')], max_length=20)),
                ('level', models.CharField(max_length=20)),
                ('rule', models.JSONField()),
                ('because', models.TextField()),
                ('one_level_down', models.BooleanField(default=False)),
                ('if_unsure', models.BooleanField(default=False)),
                ('citations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('estimate', models.TextField(blank=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conditions.release')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('release', 'key'), name='starting_rule_key_unique_in_release'), models.CheckConstraint(condition=models.Q(models.Q(('decides', 'irritability'), ('level__in', ['low', 'moderate', 'high'])), models.Q(('decides', 'stage'), ('level__in', ['acute', 'subacute', 'persistent'])), _connector='OR'), name='starting_rule_level_known'), models.CheckConstraint(condition=models.Q(('citations', []), ('estimate', ''), _negated=True), name='starting_rule_has_source')],
            },
        ),
        database.freeze_rows("exercises_precaution"),
        database.freeze_rows("exercises_startingrule"),
    ]
