"""The pages of the accounts."""

from monolith.accounts.views.demo_login import demo_login
from monolith.accounts.views.impersonation import leave_account, support_desk
from monolith.accounts.views.profile import edit_profile, person
from monolith.accounts.views.register import register

__all__ = ["demo_login", "edit_profile", "leave_account", "person", "register", "support_desk"]
