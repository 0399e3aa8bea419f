"""authz_policy: the document that services load."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from auth_lib import policy_document
from authmigration import registry


def read(text):
    return policy_document.dump(policy_document.loads(text))


def declared():
    return policy_document.dump(registry.get().policy)


def test_the_policy_is_written_as_services_load_it(tmp_path):
    file = tmp_path / "policy.json"
    out = StringIO()
    call_command("authz_policy", "export", "--output", str(file), stdout=out)

    assert read(file.read_text()) == declared()
    assert declared()["version"] in out.getvalue()
    assert file.stat().st_mode & 0o777 == 0o644


def test_without_a_file_it_is_the_output_and_nothing_else():
    out = StringIO()
    call_command("authz_policy", "export", stdout=out)

    assert read(out.getvalue()) == declared()


def test_a_file_that_was_there_is_replaced_whole(tmp_path):
    file = tmp_path / "policy.json"
    file.write_text("x" * 100_000)
    call_command("authz_policy", "export", "--output", str(file), stdout=StringIO())

    assert read(file.read_text()) == declared()
    assert [each.name for each in tmp_path.iterdir()] == ["policy.json"]


def test_where_it_cannot_be_written_it_says_so_and_leaves_nothing(tmp_path):
    (tmp_path / "policy.json").mkdir()
    for file in (tmp_path / "policy.json", tmp_path / "missing" / "policy.json"):
        with pytest.raises(CommandError, match="was not written"):
            call_command("authz_policy", "export", "--output", str(file), stdout=StringIO())
    assert [each.name for each in tmp_path.iterdir()] == ["policy.json"]
