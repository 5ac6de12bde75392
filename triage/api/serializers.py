"""Assessments in lists."""

from rest_framework import serializers

from triage.models import Assessment


class AssessmentSummarySerializer(serializers.ModelSerializer):
    """What a list shows of an assessment; the whole answer is at its own address."""

    knowledge_version = serializers.CharField(source="release.version")

    class Meta:
        model = Assessment
        fields = [
            "id",
            "created_at",
            "status",
            "urgency",
            "causes",
            "red_flags",
            "reference",
            "setting",
            "knowledge_version",
            "engine_version",
        ]
        read_only_fields = fields
