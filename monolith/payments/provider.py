"""The payment provider: its sandbox, which takes no money."""


class CardDeclinedError(Exception):
    """The card was refused; the message is for the person who pays."""


DECLINED = "4000000000000002"


def charge(card: str, cents: int) -> None:
    """Charge `card` with `cents`; the sandbox takes every card of 16 digits but one.

    Raises CardDeclinedError for that one, and for a number that no card has.
    """
    number = card.replace(" ", "")
    if not (number.isascii() and number.isdecimal() and len(number) == len(DECLINED)):
        raise CardDeclinedError("This is no number of a card.")
    if number == DECLINED or cents <= 0:
        raise CardDeclinedError("The card was declined.")
