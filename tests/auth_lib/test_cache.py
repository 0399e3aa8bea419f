"""Verified tokens are kept by their hash, for a time, and not too many."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_lib import Key, KeySet, TokenError, TokenVerifier, VerifiedTokens
from auth_lib.key_sets import SeveralSources
from auth_lib.testing import AUDIENCE, ISSUER, Issuer


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


CLOCK = Clock()
KEY = Key.generate("HS256")


class Counting:
    """A key source that counts how often a key is looked for."""

    def __init__(self, *keys):
        self.keys, self.found = KeySet(keys), 0

    @property
    def version(self):
        return self.keys

    def would_wait(self, header):
        return False

    def find(self, header):
        self.found += 1
        return self.keys.find(header)


@pytest.fixture
def clock():
    return Clock()


def verifier(source, clock, cache):
    return TokenVerifier(
        issuer=ISSUER, audience=AUDIENCE, keys=source, clock=clock, cache=cache, leeway=0
    )


def test_the_second_time_a_token_is_not_verified_again(clock):
    source = Counting(KEY)
    ours = verifier(source, clock, VerifiedTokens())
    text = Issuer(KEY, clock=clock).token()

    assert ours.verify(text) is ours.verify(text.encode())
    assert source.found == 1


def test_what_is_kept_still_ends_at_exp(clock):
    cache = VerifiedTokens()
    ours = verifier(Counting(KEY), clock, cache)
    text = Issuer(KEY, clock=clock).token(lifetime=60)
    ours.verify(text)
    clock.now += 60

    with pytest.raises(TokenError) as refused:
        ours.verify(text)

    assert refused.value.code == "token_expired"
    assert len(cache) == 0


def test_what_was_refused_is_not_kept(clock):
    cache = VerifiedTokens()
    ours = verifier(Counting(KEY), clock, cache)

    for text in ("x.y.z", Issuer(clock=clock).token(), Issuer(KEY, clock=clock).token(lifetime=-5)):
        with pytest.raises(TokenError):
            ours.verify(text)

    assert len(cache) == 0


def test_the_one_that_was_not_used_for_longest_goes_first(clock):
    cache = VerifiedTokens(max_tokens=2)
    source = Counting(KEY)
    ours = verifier(source, clock, cache)
    one, two, three = (Issuer(KEY, clock=clock).token(name) for name in ("1", "2", "3"))

    for text in (one, two, one, three, one):
        ours.verify(text)
    assert (len(cache), source.found) == (2, 3)

    ours.verify(two)
    assert source.found == 4


def test_other_keys_end_what_was_verified_with_the_old_ones(clock):
    source = Counting(KEY)
    ours = verifier(source, clock, VerifiedTokens())
    text = Issuer(KEY, clock=clock).token()
    ours.verify(text)
    source.keys = KeySet([Key.generate("HS256")])

    with pytest.raises(TokenError) as refused:
        ours.verify(text)
    assert refused.value.code == "bad_signature"


def test_a_secret_and_published_keys_are_both_accepted_while_one_follows_the_other(clock):
    new = Key.generate()
    ours = verifier(SeveralSources([KeySet([KEY]), KeySet([new])]), clock, VerifiedTokens())

    for key in (KEY, new):
        text = Issuer(key, clock=clock).token()
        assert ours.verify(text) is ours.verify(text)
    assert not ours.would_wait(text)
    for stranger in (Key.generate("HS256"), Key.generate(), Key.generate("ES256")):
        with pytest.raises(TokenError):
            ours.verify(Issuer(stranger, clock=clock).token())


def test_the_cache_holds_no_token(clock):
    cache = VerifiedTokens()
    text = Issuer(KEY, clock=clock).token()
    verifier(Counting(KEY), clock, cache).verify(text)

    kept = repr(cache._entries)

    assert not any(part in kept for part in text.split("."))


def test_a_cache_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        VerifiedTokens(0)


def test_threads_share_a_cache_that_is_too_small_for_them(clock):
    ours = verifier(Counting(KEY), clock, VerifiedTokens(max_tokens=1))
    texts = [Issuer(KEY, clock=clock).token(str(number)) for number in range(4)]

    def ask(number):
        return [ours.verify(texts[(number + turn) % 4]).subject for turn in range(500)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))

    for number, subjects in enumerate(found):
        assert subjects == [str((number + turn) % 4) for turn in range(500)]
