"""The words that exercises and programmes may use. The content format, the database and the API share them."""

from collections.abc import Mapping

from django.db.models import TextChoices


class Purpose(TextChoices):
    """What an exercise is mainly for."""

    STRETCH = "stretch"
    MOBILITY = "mobility"
    NERVE_MOBILITY = "nerve_mobility"
    ACTIVATION = "activation"
    STRENGTH = "strength"
    FUNCTION = "function"
    CONTROL = "control"
    BALANCE = "balance"
    AEROBIC = "aerobic"
    IMPACT = "impact"
    GAIT = "gait"


class Target(TextChoices):
    """The muscle or other structure that an exercise works on."""

    ABDOMINALS = "abdominals"
    ADDUCTORS = "adductors"
    BACK_EXTENSORS = "back_extensors"
    DEEP_ROTATORS = "deep_rotators"
    GLUTEUS_MAXIMUS = "gluteus_maximus"
    GLUTEUS_MEDIUS = "gluteus_medius"
    GLUTEUS_MINIMUS = "gluteus_minimus"
    HAMSTRINGS = "hamstrings"
    HIP_CAPSULE = "hip_capsule"
    ILIOPSOAS = "iliopsoas"
    ILIOTIBIAL_BAND = "iliotibial_band"
    OBLIQUES = "obliques"
    PIRIFORMIS = "piriformis"
    QUADRICEPS = "quadriceps"
    RECTUS_FEMORIS = "rectus_femoris"
    SCIATIC_NERVE = "sciatic_nerve"
    TENSOR_FASCIAE_LATAE = "tensor_fasciae_latae"
    WHOLE_BODY = "whole_body"


class Equipment(TextChoices):
    """What an exercise or one of its variants takes."""

    BALL = "ball"
    BAND = "band"
    BED = "bed"
    BENCH = "bench"
    BIKE = "bike"
    CHAIR = "chair"
    COUNTER = "counter"
    GROUP_CLASS = "group_class"
    MAT = "mat"
    PAD = "pad"
    PARTNER = "partner"
    PILLOW = "pillow"
    POOL = "pool"
    RAIL = "rail"
    SHOES = "shoes"
    SLIDERS = "sliders"
    SOCK = "sock"
    STEP = "step"
    STRAP = "strap"
    TOWEL = "towel"
    WALKING_STICK = "walking_stick"
    WALL = "wall"
    WEIGHTS = "weights"


class Side(TextChoices):
    """One side after the other, both at once, or no sides at all."""

    EACH = "each"
    BOTH = "both"
    NONE = "none"


class Effect(TextChoices):
    """What a rule that is true means for an exercise."""

    CONTRAINDICATED = "contraindicated"
    CAUTION = "caution"


class Supervision(TextChoices):
    """Can be begun alone; led by a physiotherapist; or only once a clinician who has seen the person allows it."""

    SELF = "self"
    SUPERVISED = "supervised"
    CLINICIAN_ONLY = "clinician_only"


class Decides(TextChoices):
    """What a starting rule decides."""

    IRRITABILITY = "irritability"
    STAGE = "stage"


class Irritability(TextChoices):
    """How easily the hip is stirred up and how long it takes to settle; least first."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Stage(TextChoices):
    """How long the pain has lasted; shortest first."""

    ACUTE = "acute"
    SUBACUTE = "subacute"
    PERSISTENT = "persistent"


LEVELS: Mapping[str, type[TextChoices]] = {Decides.IRRITABILITY: Irritability, Decides.STAGE: Stage}
"""The levels of each thing that a starting rule may decide, in rising order."""
