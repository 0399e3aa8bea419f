"""What a page promises is told from what is printed."""

import pytest

from tests.documents.consoles import differences, steps, typed

PAGE = """
```console
$ visit() {
>   echo $1
> }
$ visit 10
10
```

<!-- not run: it needs a network -->

```console
$ far away
```

1. In a list:

   ```console
   $ echo there
   there
   ```
"""


def test_commands_and_promises_are_read_off_a_page():
    assert steps(PAGE) == [
        ("visit() {\n  echo $1\n}", ""),
        ("visit 10", "10\n"),
        ("echo there", "there\n"),
    ]


def test_what_is_typed_in_one_line_holds_in_the_next(tmp_path):
    said = steps(PAGE)

    assert differences(said, typed([command for command, _ in said], tmp_path)) == []


@pytest.mark.parametrize(
    ("printed", "found"),
    [("Shadow for everyone\n200\n", 0), ("Off\n200\n", 1), ("Shadow for everyone\n403\n", 1)],
)
def test_another_answer_than_the_promised_one_is_found(printed, found):
    said = [("look", "Shadow ...\n200\n")]

    assert len(differences(said, [printed])) == found


def test_a_command_that_prints_what_nobody_promised_is_found(tmp_path):
    said = [("echo surprise", "")]

    assert len(differences(said, typed(["echo surprise"], tmp_path))) == 1
