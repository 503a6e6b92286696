from evals.train_reference import TRIED, fitted, transferred

SETS = {
    "one": {against: 0.2 + 0.1 * (against == 0.8) for against in TRIED},
    "two": {against: 0.3 + 0.2 * (against == 0.8) - 0.1 * (against == 0.5) for against in TRIED},
    "three": {against: 0.4 + 0.05 * (against == 0.5) for against in TRIED},
}


def test_what_agrees_best_over_all_sets_is_taken():
    assert fitted(SETS) == 0.8
    assert fitted({"three": SETS["three"]}) == 0.5


def test_each_set_is_told_with_what_the_others_chose():
    found = transferred(SETS)
    assert found["surely against, fitted on all"] == {"against": 0.8}
    alone = transferred({name: SETS[name] for name in ("one", "three")})["surely against, without one"]
    assert alone == {"against": 0.5, "qwk": SETS["one"][0.5], "qwk_before": SETS["one"][0.0]}
