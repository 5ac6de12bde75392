"""What the roles of the database may do with what is stored of cases."""

from hipcare.database.privileges import WRITE, TableAccess

_OF_AN_ORGANISATION = TableAccess(application=WRITE, owned_by="organisation_id")

TABLE_ACCESS = {
    "Assessment": _OF_AN_ORGANISATION,
    "AssessmentLabel": _OF_AN_ORGANISATION,
    "FollowUp": _OF_AN_ORGANISATION,
    "KnownOutcome": _OF_AN_ORGANISATION,
    "Review": _OF_AN_ORGANISATION,
    "Publication": TableAccess(),
}
