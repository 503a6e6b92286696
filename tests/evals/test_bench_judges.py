"""The benchmark of hosted judges, at a size that a test can wait for."""

import re

from bot.texts import speaking
from evals.bench_judges import Load, bench_judges


def test_every_grading_is_timed_against_the_ideal():
    with speaking("en"):
        told = bench_judges(Load(gradings=8, at_once=4, seconds=0.2))
    found = re.fullmatch(
        r"8 gradings, 4 at once, server 200 ms each: ([\d.]+) s, ideal 0.40 s, ratio ([\d.]+)", told.words
    )
    assert found
    assert told.value[0]["gradings"] == 8
    assert f"{told.value[0]['seconds']:.2f}" == found[1]
    assert float(found[1]) >= 0.4
    assert abs(float(found[2]) - float(found[1]) / 0.4) < 0.05
    assert float(found[1]) < 8 * 0.2 or float(found[2]) > 4  # at once, unless the machine is very busy
