"""Find role-without-context checks and IDOR in the source of a Django project.

It reads source and imports none of it; it needs neither settings nor a database.
"""
