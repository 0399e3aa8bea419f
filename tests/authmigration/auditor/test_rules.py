"""Every rule finds its bad examples, nothing in its good ones, and explains itself."""

import pytest

from authmigration.auditor.rules import rules

from .trees import audit

RULES = rules().values()
HEADINGS = ("What it finds:", "Why it matters:", "What to write:")


def examples(kind):
    return [
        pytest.param(rule, example, id=f"{rule.id}-{place}")
        for rule in RULES
        for place, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_a_bad_example_gives_exactly_its_own_finding(rule, example):
    assert {item.rule for item in audit(example)} == {rule.id}


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_a_good_example_gives_none(rule, example):
    assert audit(example) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_finds_why_it_matters_and_what_to_write(rule):
    assert all(heading in rule.told() for heading in HEADINGS)
    assert rule.bad
    assert rule.good
    assert rule.title


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_file_of_a_rule_bears_its_id(rule):
    file = type(rule).__module__.rpartition(".")[2]

    assert file.startswith(f"{rule.id.lower()}_")
