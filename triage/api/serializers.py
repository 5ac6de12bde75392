"""Assessments in lists."""

from rest_framework import serializers

from triage.models import Assessment
from triage.models.review import WorklistState


class AssessmentSummarySerializer(serializers.ModelSerializer):
    """What a list shows of an assessment; the whole answer is at its own address."""

    reference = serializers.CharField(max_length=128, allow_blank=True, read_only=True)
    knowledge_version = serializers.CharField(source="release.version")

    worklist_state = serializers.ChoiceField(choices=WorklistState.choices, allow_null=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "created_at",
            "status",
            "urgency",
            "worklist_state",
            "causes",
            "red_flags",
            "reference",
            "setting",
            "knowledge_version",
            "engine_version",
        ]
        read_only_fields = fields
