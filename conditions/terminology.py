"""The addresses by which FHIR knows the code systems of the content."""

URI_OF_CODE_SYSTEM = {
    "icd_10_cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed_ct": "http://snomed.info/sct",
}
"""By the name that the content files use."""
