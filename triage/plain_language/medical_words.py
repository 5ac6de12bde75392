"""Long words that a patient needs to know, each with the reason why no shorter one will do.

Before a text is measured each is replaced by a short word. A word belongs here only if the person meets it on a packet,
at a door or from a clinician, and a paraphrase would be unsafe or longer.
"""

UNAVOIDABLE = {
    "acetaminophen": "on the packet; the name of paracetamol in North America",
    "anti-inflammatory": "the kind of medicine on packets, which must not be taken twice under two names",
    "antibiotic": "on the packet and in common use",
    "clinician": "whoever is qualified to look, be it doctor, nurse or physiotherapist; no shorter word says so",
    "emergency department": "the sign over the door",
    "ibuprofen": "on the packet",
    "midwife": "whom to ask",
    "naproxen": "on the packet",
    "osteoarthritis": "the name that the person was told",
    "paracetamol": "on the packet",
    "pharmacist": "whom to ask",
    "physiotherapist": "whom to ask",
    "physiotherapy": "what to ask for",
    "ultrasound": "the name of the scan in the appointment letter",
    "X-ray": "the name of the picture in the appointment letter",
}
