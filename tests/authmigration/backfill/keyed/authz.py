"""Membership is a role."""

from authmigration import ContextType, Role, legacy
from tests.authmigration.backfill.keyed.models import Club, Member

CLUB = ContextType("club", Club)
MEMBER = Role("member", on="club", can={"club.view"})
MEMBERS = legacy.table(Member, user="user", context="club", role=MEMBER)
