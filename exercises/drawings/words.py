"""The words that a drawing may use."""

from enum import StrEnum, unique


@unique
class Layout(StrEnum):
    """One panel, for who stands or sits or, wide, lies or kneels; two of them side by side, or above each other."""

    SINGLE = "single"
    WIDE = "wide"
    COLUMNS = "columns"
    ROWS = "rows"


@unique
class Joint(StrEnum):
    """The points of a figure by which it is placed and by which things are held; thigh and shin are their middles."""

    PELVIS = "pelvis"
    WAIST = "waist"
    NECK = "neck"
    HEAD = "head"
    RIGHT_SHOULDER = "right_shoulder"
    RIGHT_ELBOW = "right_elbow"
    RIGHT_HAND = "right_hand"
    RIGHT_HIP = "right_hip"
    RIGHT_THIGH = "right_thigh"
    RIGHT_KNEE = "right_knee"
    RIGHT_SHIN = "right_shin"
    RIGHT_ANKLE = "right_ankle"
    RIGHT_TOE = "right_toe"
    LEFT_SHOULDER = "left_shoulder"
    LEFT_ELBOW = "left_elbow"
    LEFT_HAND = "left_hand"
    LEFT_HIP = "left_hip"
    LEFT_THIGH = "left_thigh"
    LEFT_KNEE = "left_knee"
    LEFT_SHIN = "left_shin"
    LEFT_ANKLE = "left_ankle"
    LEFT_TOE = "left_toe"


@unique
class PropKind(StrEnum):
    """A thing in a drawing."""

    BALL = "ball"
    BAND = "band"
    BED = "bed"
    BIKE = "bike"
    BOX = "box"
    CHAIR = "chair"
    COUNTER = "counter"
    CUSHION = "cushion"
    MAT = "mat"
    PLATE = "plate"
    POOL = "pool"
    RAIL = "rail"
    STICK = "stick"
    STRAP = "strap"
    WALL = "wall"
    WEIGHT = "weight"
