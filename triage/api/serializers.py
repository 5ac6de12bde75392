"""Assessments in lists."""

from rest_framework import serializers

from triage.models import Assessment


class AssessmentSummarySerializer(serializers.ModelSerializer):
    """What a list shows of an assessment; the whole answer is at its own address."""

    reference = serializers.CharField(max_length=128, allow_blank=True, read_only=True)
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
