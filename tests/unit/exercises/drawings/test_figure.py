"""The figure: segments keep their length, joints bend as joints do, hands and feet get where they should."""

import math
from typing import Any

import pytest

from exercises.drawings.figure import FOOT, FOREARM, HEAD, HIP, SHIN, SPINE, THIGH, UPPER_ARM, PoseError, skeleton
from exercises.drawings.schema import Pose
from exercises.drawings.words import Joint

STANDING: dict[str, Any] = {
    "at": {"right_ankle": [0, 3]},
    "trunk": 90,
    "right_arm": [-90, -90],
    "right_leg": [-90, -90],
}
SIDES = ("right", "left")
SEGMENTS = {
    ("pelvis", "waist"): SPINE,
    ("waist", "neck"): SPINE,
    ("neck", "head"): HEAD,
    **{("pelvis", f"{side}_hip"): HIP for side in SIDES},
    **{(f"{side}_shoulder", f"{side}_elbow"): UPPER_ARM for side in SIDES},
    **{(f"{side}_elbow", f"{side}_hand"): FOREARM for side in SIDES},
    **{(f"{side}_hip", f"{side}_knee"): THIGH for side in SIDES},
    **{(f"{side}_knee", f"{side}_ankle"): SHIN for side in SIDES},
    **{(f"{side}_ankle", f"{side}_toe"): FOOT for side in SIDES},
}


def pose(**changes: Any) -> Pose:
    return Pose.model_validate(STANDING | changes)


def assert_lengths(figure: Pose) -> None:
    joints = skeleton(figure)
    for (start, end), length in SEGMENTS.items():
        assert math.dist(joints[Joint(start)], joints[Joint(end)]) == pytest.approx(length), (start, end)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"right": 180, "right_leg": [[200, 40], [250, -10], [180, 50]]},
        {"right_arm": {"at": [30, 100]}, "left_leg": {"at": [20, 10, 5], "bend": [0, 30], "foot": 0}},
        {"left_arm": {"at": "right_hip"}, "upper_trunk": 30, "head": 40, "shoulders": [20, 70]},
    ],
)
def test_every_segment_keeps_its_length(changes: dict[str, Any]) -> None:
    assert_lengths(pose(**changes))


def test_one_joint_holds_the_figure() -> None:
    joints = skeleton(pose(at={"right_ankle": [12, 3, 1]}))

    assert joints[Joint.RIGHT_ANKLE] == pytest.approx((12, 3, 1))
    assert joints[Joint.PELVIS] == pytest.approx((12, 3 + SHIN + THIGH, 1 - HIP))


def test_a_left_limb_mirrors_the_right_one() -> None:
    joints = skeleton(pose(right=180, right_leg=[-110, -95], right_arm=[200, 240]))

    middle = joints[Joint.PELVIS][0]
    for name in ("knee", "ankle", "toe", "elbow", "hand"):
        right, left = joints[Joint(f"right_{name}")], joints[Joint(f"left_{name}")]
        assert (left[0] - middle, left[1], left[2]) == pytest.approx((middle - right[0], right[1], right[2]))


def test_a_hand_reaches_a_point_and_a_joint() -> None:
    joints = skeleton(pose(right_arm={"at": [25, 100]}, left_arm={"at": "waist"}))

    assert joints[Joint.RIGHT_HAND][:2] == pytest.approx((25, 100))
    assert joints[Joint.LEFT_HAND] == pytest.approx(joints[Joint.WAIST])


def test_a_foot_may_rest_on_the_other_leg() -> None:
    joints = skeleton(pose(at={"left_ankle": [0, 3]}, left_leg=[-90, -90], right_leg={"at": "left_knee"}))

    assert joints[Joint.RIGHT_ANKLE] == pytest.approx(joints[Joint.LEFT_KNEE])


def test_knees_bend_forwards_and_elbows_backwards_by_nature() -> None:
    joints = skeleton(pose(at={"pelvis": [0, 60]}, right_leg={"at": [0, 3]}, right_arm={"at": [0, 70]}))

    assert joints[Joint.RIGHT_KNEE][0] > 5
    assert joints[Joint.RIGHT_ELBOW][0] < -5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"right_arm": {"at": [90, 100]}}, "the right arm has 93 to go and reaches 48"),
        ({"right_leg": [-90, -60]}, "the right knee bends the wrong way"),
        ({"at": {"left_ankle": [0, 3]}}, '"left_ankle" cannot hold the figure'),
        ({"left_leg": {"at": "right_hand"}, "right_arm": {"at": "waist"}}, '"right_hand" cannot be reached for'),
        ({"right_arm": {"at": [0, 100], "bend": -90}}, "the right arm cannot bend towards what it reaches for"),
    ],
)
def test_a_pose_that_nobody_could_take_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PoseError, match=message):
        skeleton(pose(**changes))
