"""A release with a mistake in its policy, for the demo to catch."""

from authmigration import Role

FAULT = "MONOLITH_DEMO_FAULT"


def sow() -> None:
    """Let mentors change grades, as no legacy code ever did."""
    from monolith.courses import authz  # models are loaded only now

    authz.MENTOR = Role("mentor", on="course", can={*authz.MENTOR.can, "grade.edit"})
    authz.ENROLMENTS.roles[5] = authz.MENTOR  # type: ignore[index]
