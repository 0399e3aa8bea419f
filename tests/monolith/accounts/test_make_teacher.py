import io

import pytest
from django.core.management import CommandError, call_command

from monolith.accounts.models import OutboxMail, User


def run(*arguments: str) -> str:
    stdout = io.StringIO()
    call_command("make_teacher", *arguments, stdout=stdout)
    return stdout.getvalue()


def test_it_sets_the_flag_and_takes_it_away_and_writes_each_time(platform):
    assert run("nobody") == "nobody is a teacher now.\n"
    assert User.objects.get(username="nobody").is_teacher
    run("nobody", "--off")
    assert not User.objects.get(username="nobody").is_teacher
    assert OutboxMail.objects.filter(to="nobody@campus.example").count() == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["teacher"], "a teacher already"),
        (["nobody", "--off"], "no teacher already"),
        (["no one"], "Nobody is called 'no one'"),
    ],
)
def test_what_changes_nothing_is_an_error_that_says_so(platform, arguments, said):
    with pytest.raises(CommandError, match=said):
        run(*arguments)
    assert not OutboxMail.objects.exists()
