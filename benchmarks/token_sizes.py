"""How many bytes a token has, by the number of contexts, and which limits it meets."""

import math
import sys

from auth_lib import Key
from benchmarks import engines
from benchmarks.report import ROOT, Report
from benchmarks.token_samples import SECRET, token

NUMBERS = (10, 20, 50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000)
LINES = (
    ("numbers as ids, HS256", Key.from_secret(SECRET), False, "#1b6ca8", ""),
    ("numbers as ids, Ed25519", Key.generate(), False, "#1b6ca8", "6 4"),
    ("UUIDs as ids, HS256", Key.from_secret(SECRET), True, "#b5541c", ""),
)
LIMITS = (
    (4096, "4 kB: a cookie"),
    (8190, "8 kB: a header at gunicorn"),
    (16_384, "16 kB: what auth_lib reads"),
)
PLOT = ROOT / "docs" / "images" / "token-bytes.svg"
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 70, 20, 190, 50
FONT = 'font-family="sans-serif" font-size="12" role="img"'
LOW, HIGH = 300, 300_000


def measure(report: Report) -> None:
    """Sign tokens of all sizes, state those of 500 contexts, and draw the plot."""
    numbers = NUMBERS[: report.sized(len(NUMBERS), 2)]
    sizes = {
        name: [(number, len(token(key, number, long=long))) for number in numbers]
        for name, key, long, _, _ in LINES
    }
    for name, points in sizes.items():
        report.say(f"{name}: " + ", ".join(f"{number}: {size:,}" for number, size in points))
        at = dict(points)
        limit = ("<=", 7000) if name == LINES[0][0] else None
        number = 500 if 500 in at else numbers[-1]
        report.state(f"a token with {number} contexts, {name}", at[number], "bytes", limit)
    if not report.tiny:
        PLOT.write_text(drawn(sizes), encoding="utf-8")


def drawn(sizes: dict[str, list[tuple[int, int]]]) -> str:
    """Return the plot, both axes logarithmic."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        "<title>Bytes of a token by the number of contexts in it</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    parts += [grid_x(number) for number in (10, 100, 500, 1000, 5000)]
    parts += [grid_y(size) for size in (1000, 10_000, 100_000)]
    parts += [limit_line(size, name) for size, name in LIMITS]
    for place, (name, _, _, colour, dashes) in enumerate(LINES):
        points = " ".join(f"{x_of(n):.1f},{y_of(s):.1f}" for n, s in sizes[name])
        style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        y = TOP + 14 + 18 * place
        parts.append(f'<polyline points="{points}" fill="none" {style}/>')
        parts.append(f'<line x1="{LEFT + 10}" x2="{LEFT + 40}" y1="{y - 4}" y2="{y - 4}" {style}/>')
        parts.append(f'<text x="{LEFT + 46}" y="{y}">{name}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
        "contexts in the token</text>"
    )
    parts.append(f'<text x="{LEFT - 6}" y="{TOP + 8}" text-anchor="end">bytes</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def grid_x(number: int) -> str:
    """Return a line of the grid with its number below."""
    x, low = x_of(number), HEIGHT - BOTTOM
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{low}" stroke="#e4e4e4"/>'
        f'<text x="{x:.1f}" y="{low + 16}" text-anchor="middle">{number:,}</text>'
    )


def grid_y(size: int) -> str:
    """Return a line of the grid with its bytes beside it."""
    y = y_of(size)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{size:,}</text>'
    )


def limit_line(size: int, name: str) -> str:
    """Return the line of a limit with its name beside it."""
    y = y_of(size)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#888" '
        f'stroke-dasharray="2 3"/><text x="{WIDTH - RIGHT + 6}" y="{y + 4:.1f}">{name}</text>'
    )


def x_of(number: int) -> float:
    """Return where a number of contexts lies."""
    share = math.log(number / NUMBERS[0]) / math.log(NUMBERS[-1] / NUMBERS[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def y_of(size: int) -> float:
    """Return where a number of bytes lies."""
    share = math.log(size / LOW) / math.log(HIGH / LOW)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


if __name__ == "__main__":
    sys.exit(engines.run(measure))
