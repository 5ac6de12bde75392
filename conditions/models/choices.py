"""The words that knowledge rows may use. The content format, the database and the API share them."""

from django.db.models import TextChoices


class ReleaseStatus(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Seen(TextChoices):
    """How much of a source was read before it was cited."""

    FULL = "full"
    PARTIAL = "partial"
    SECONDARY = "secondary"
    RECALLED = "recalled"


class Basis(TextChoices):
    """Where a number comes from: a publication that is cited, or a judgement whose ground is stated."""

    PUBLISHED = "published"
    ESTIMATE = "estimate"


class FindingKind(TextChoices):
    SYMPTOM = "symptom"
    HISTORY = "history"
    RISK_FACTOR = "risk_factor"
    SIGN = "sign"
    TEST = "test"
    LAB = "lab"
    IMAGING = "imaging"


class PatientCanAnswer(TextChoices):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Cost(TextChoices):
    """What it takes to learn a finding, cheapest first."""

    ASK = "ask"
    EXAMINE = "examine"
    SIMPLE_TEST = "simple_test"
    IMAGING = "imaging"
    SPECIALIST = "specialist"


class Region(TextChoices):
    INTRA_ARTICULAR = "intra_articular"
    ANTERIOR = "anterior"
    LATERAL = "lateral"
    POSTERIOR = "posterior"
    GROIN = "groin"
    PELVIS = "pelvis"
    SPINE = "spine"
    THIGH = "thigh"
    VASCULAR = "vascular"
    ABDOMEN = "abdomen"
    SYSTEMIC = "systemic"


class Family(TextChoices):
    INTRA_ARTICULAR = "intra_articular"
    LATERAL = "lateral"
    POSTERIOR = "posterior"
    GROIN = "groin"
    NEUROGENIC = "neurogenic"
    VASCULAR = "vascular"
    INFLAMMATORY = "inflammatory"
    INFECTIVE = "infective"
    NEOPLASTIC = "neoplastic"
    FRACTURE = "fracture"
    PAEDIATRIC = "paediatric"
    REFERRED = "referred"
    NONSPECIFIC = "nonspecific"


class PopulationSex(TextChoices):
    ANY = "any"
    FEMALE = "female"
    MALE = "male"


class Acuteness(TextChoices):
    ACUTE = "acute"
    SUBACUTE = "subacute"
    CHRONIC = "chronic"


class Severity(TextChoices):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    LIFE_OR_LIMB_THREATENING = "life_or_limb_threatening"


class UrgencyLevel(TextChoices):
    """Most urgent first."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    URGENT = "urgent"
    ROUTINE = "routine"
    SELF_CARE = "self_care"


class UrgencyMode(TextChoices):
    AMBULANCE = "ambulance"
    EMERGENCY_DEPARTMENT = "emergency_department"


class CodeSystem(TextChoices):
    ICD_10_CM = "icd_10_cm"
    SNOMED_CT = "snomed_ct"


class CodeSide(TextChoices):
    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"
    UNSPECIFIED = "unspecified"
    ANY = "any"


class LadderStart(TextChoices):
    """Open to everybody; only once a clinician has seen the person; or immediate measures only."""

    OPEN = "open"
    SUPERVISED = "supervised"
    LOCKED = "locked"


class Strength(TextChoices):
    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"
    CONDITIONAL = "conditional"
    CONFLICTING = "conflicting"
    EXPERT_OPINION = "expert_opinion"
    NOT_ESTABLISHED = "not_established"


class RedFlagKind(TextChoices):
    """A dangerous picture, or a kind of person who must not be left to self-care."""

    RED_FLAG = "red_flag"
    POPULATION = "population"


class CompositeMode(TextChoices):
    """How a composite score takes part in the ranking.

    It stands for its parts wherever it can be decided; or only among those whom its gate lets in, and then what opened
    the gate keeps its own evidence; or it is told and weighs nothing.
    """

    REPLACE_PARTS = "replace_parts"
    GATE = "gate"
    REPORT_ONLY = "report_only"


class CompositeAudience(TextChoices):
    """For whom a composite score is meant."""

    CLINICIAN = "clinician"
    EVERYONE = "everyone"


class TreatmentKind(TextChoices):
    """`immediate` is what to do while waiting to be seen."""

    EDUCATION = "education"
    PREVENTION = "prevention"
    EXERCISE = "exercise"
    MEDICINE = "medicine"
    PHYSICAL = "physical"
    AID = "aid"
    HANDS_ON = "hands_on"
    PROFESSIONAL = "professional"
    INJECTION = "injection"
    SURGERY = "surgery"
    IMMEDIATE = "immediate"


class BestEnd(TextChoices):
    """Which end of a scale is the good one."""

    LOWEST = "lowest"
    HIGHEST = "highest"


class OutcomeMethod(TextChoices):
    """How the items of an outcome measure become its score: see `OutcomeMeasure`."""

    MEAN = "mean"
    SUM = "sum"
    TABLE = "table"


class TimerTrigger(TextChoices):
    """When a timer whose day has come is due."""

    NO_IMPROVEMENT = "no_improvement"
    WORSE = "worse"
    ALWAYS = "always"


class TimerStep(TextChoices):
    """What a timer that is due asks for, the more pressing last."""

    REVIEW = "review"
    ESCALATE = "escalate"


class PreventionVerdict(TextChoices):
    """How well a tip is supported, best first; `plausible` by what is known of how a hip is loaded, without a trial."""

    STRONG = "strong"
    MODERATE = "moderate"
    PLAUSIBLE = "plausible"
    CONFLICTING = "conflicting"
    LOW_CERTAINTY = "low_certainty"
    EXPERT_OPINION = "expert_opinion"


class LaterStart(TextChoices):
    """How a rung starts once what it waits for has failed: by itself, or only after it was talked over."""

    NOW = "now"
    DISCUSS = "discuss"
