"""Reports on tiny runs: what they hold, what they say is missing, and that nothing in them can act."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from bot.domain.errors import BadInput
from evals.cases import GradeCase, read_set
from evals.metrics.estimate import Estimate, Metrics
from evals.metrics.grading import grading_metrics
from evals.metrics.rows import Row
from evals.records import RunRecord, Source
from evals.report import write_reports
from evals.report.reading import read_run

EVIL = "<script>alert(1)</script> [x](javascript:1) ![y](http://evil.example/y.png) | *fett*"
STATUSES = ("covered", "partial", "missing", "contradicted")


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def lines(**fields):
    return [
        {
            "id": f"a{i}",
            "question_id": i % 4,
            "question": f"问题 {i % 4} {EVIL}",
            "answer": f"{EVIL} 答案 {i}" + "。" * i,
            "score": i % 3,
            "max_score": 2,
            "lang": "zh" if i % 2 else "en",
            "key_points": [{"text": f"要点 {EVIL}", "quote": "笔记原文"}],
            "verdicts": [STATUSES[i % 4]],
        }
        | fields
        for i in range(12)
    ]


def graded(cases, shift=0, **fields):
    return [
        {
            "id": case["id"],
            "seconds": 0.25,
            "score": ((i + shift) % 3) / 2,
            "key_points": [
                {"text": case["key_points"][0]["text"], "weight": 1, "vital": True, "quote": None}
            ],
            "verdicts": [{"status": STATUSES[(i + shift) % 4], "confidence": 0.6, "quote": "答案"}],
            "flags": ["copied"] if i == 0 else [],
            "path": "features",
            "error": None,
        }
        | fields
        for i, case in enumerate(cases)
    ]


def store(folder, name, rows, kind="grade", metrics=None, **fields):
    """A finished run over folder/set.jsonl."""
    cases = read_set(folder / "set.jsonl", GradeCase) if kind == "grade" else None
    if cases and metrics is None:
        metrics = grading_metrics([Row.model_validate(row) for row in rows], cases.cases)
    write(folder / f"{name}.jsonl", rows)
    base = dict(
        kind=kind,
        set=Source(name="set.jsonl", sha256=cases.sha256 if cases else "ab" * 32, size=len(rows)),
        corpus=None,
        settings={"llm": "none", "model": None, "embedding": "fake", "embedder": "e1"},
        code="cd" * 8,
        grader="ef" * 8,
        prompts="01" * 8,
        versions={"kaodian": "0.1.0"},
        started_at="2026-01-02T03:04:05+00:00",
        done=len(rows),
        total=len(rows),
        seconds=3.0,
        metrics=metrics,
    )
    record = RunRecord(**(base | fields))
    (folder / f"{name}.run.json").write_text(record.model_dump_json(), "utf-8")
    return folder / f"{name}.jsonl"


@pytest.fixture
def run(tmp_path):
    cases = lines()
    write(tmp_path / "set.jsonl", cases)
    return store(tmp_path, "one", graded(cases, 1))


def report(folder, *runs, lang="en", **options):
    beside = write_reports(runs, folder / "report.html", lang, **options)
    return (folder / "report.html").read_text("utf-8"), beside.read_text("utf-8")


class Reader(HTMLParser):
    """Notes tags and attributes; fails where a tag is not closed in its place."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [
            value for name, value in attrs if name in ("src", "href", "srcset", "action", "xlink:href")
        ]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "line", "circle", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_the_page_stands_alone_and_can_do_nothing(tmp_path, run):
    page, _ = report(tmp_path, run)
    found = read(page)
    assert found.links == []
    assert not {"script", "img", "link", "iframe", "form", "a"} & set(found.tags)
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r"url\(|@import", page)
    for drawing in re.findall(r"<svg.*?</svg>", page):
        ElementTree.fromstring(drawing)


def test_texts_by_others_are_shown_as_text(tmp_path, run):
    page, text = report(tmp_path, run)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"(?<!\\)<script", text)
    assert r"[x\](javascript:1) \![y\](http" in text
    assert not re.search(r"(?<!\\)\][(\[:]", text)


def test_it_holds_what_a_report_on_the_grader_shows(tmp_path, run):
    page, text = report(tmp_path, run)
    for part in (page, text):
        for word in (
            "Grader version",
            "Hash of the prompts",
            "Key points that were used",
            "QWK counts in these levels",
            "Without a result",
            "Seconds",
            "Model calls per answer",
            "Refused by rule",
            "Spearman, mean within question",
            "Floor: length and overlap",
            "Floor: always full marks",
            "By gold score",
            "By language",
            "By question, worst first",
            "Length with the error",
            "gold in rows",
            "macro-F1",
            "precision of contradicted",
            "Quotes that stand in the answer",
            "Key points demoted",
            "calibration error",
            "Risk",
            "Stability",
            "Attacks",
            "The worst disagreements",
            "笔记原文",
        ):
            assert word in part, word
    assert page.count("<svg") == 5


def test_the_worst_come_first_and_agreement_is_not_among_them(tmp_path, run):
    _, text = report(tmp_path, run)
    gaps = [
        abs(float(one) - float(other)) for one, other in re.findall(r"people ([\d.]+), grader ([\d.]+)", text)
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] > 0


def test_it_speaks_both_languages(tmp_path, run):
    page, _ = report(tmp_path, run, lang="zh")
    assert '<html lang="zh">' in page
    assert "分歧最大的回答" in page
    assert "The worst" not in page


def test_two_raters_stand_beside_the_grader(tmp_path):
    write(tmp_path / "set.jsonl", cases := lines(raters=[1, 2]))
    page, _ = report(tmp_path, store(tmp_path, "one", graded(cases)))
    assert "People with each other" in page
    assert "two raters for every answer" not in page


def test_two_runs_give_paired_differences(tmp_path, run):
    other = store(tmp_path, "two", graded(lines()), code="99" * 8)
    _, text = report(tmp_path, run, other)
    assert "Difference: two minus one" in text
    assert "Over 12 answers" in text
    assert "Give the report two or more runs of the same product" in text


def test_repeats_show_their_spread(tmp_path, run):
    _, text = report(tmp_path, run, store(tmp_path, "again", graded(lines(), 1)))
    assert re.search(r"identical scores \| 1\.000", text)


def test_runs_over_different_sets_are_not_paired(tmp_path, run):
    folder = tmp_path / "other"
    folder.mkdir()
    write(folder / "set.jsonl", cases := lines(lang="en"))
    _, text = report(tmp_path, run, store(folder, "two", graded(cases)))
    assert "cannot be paired" in text


def test_attacks_by_family(tmp_path, run):
    rows = [
        {"id": i, "family": family, "held": i > 0, "rule": rule}
        for i in range(4)
        for family, rule in (("negation", "lower"), ("invariance", "point_order"))
    ]
    _, text = report(tmp_path, run, store(tmp_path, "attacks", rows, kind="attacks"))
    assert re.search(r"Negated \| 4 \| 0\.750 \[0\.\d+, 0\.\d+\] \| no", text)
    assert "within its limit" in text.lower()
    assert "reverse order" in text
    assert "No attack run" not in text


def test_without_rows_the_figures_still_stand(tmp_path, run):
    run.unlink()
    page, text = report(tmp_path, run.with_name("one.run.json"))
    read(page)
    assert "one.jsonl is not at hand" in text
    assert "QWK, failures left out" in text
    assert "Single cases need the rows and the set" in text


def test_without_its_set_texts_are_left_out(tmp_path, run):
    (tmp_path / "set.jsonl").write_text("other\n", "utf-8")
    page, _ = report(tmp_path, run)
    assert "texts are left out" in page
    assert "alert(1)" not in page


def test_the_set_is_found_where_the_run_was_told(tmp_path, run):
    place = tmp_path / "elsewhere.jsonl"
    (tmp_path / "set.jsonl").rename(place)
    assert read_run(run, [place]).is_whole
    assert not read_run(run).is_whole
    record = RunRecord.model_validate_json(run.with_suffix(".run.json").read_text("utf-8"))
    told = record.model_copy(update={"set_path": "elsewhere.jsonl"})
    run.with_suffix(".run.json").write_text(told.model_dump_json(), "utf-8")
    assert read_run(run).is_whole


def test_the_measuring_half_of_a_set_is_known_by_its_lines(tmp_path):
    cases = lines(split="test")
    write(tmp_path / "set.jsonl", cases)
    run = store(tmp_path, "one", graded(cases))
    write(tmp_path / "set.jsonl", [cases[0] | {"split": "dev", "id": "d"}, *cases])
    assert read_run(run).is_whole


def test_broken_rows_are_told(tmp_path, run):
    run.write_text('{"id": "a0"}\n{"id"', "utf-8")
    assert "one.jsonl cannot be read" in report(tmp_path, run)[1]
    run.write_text('{"id": "a0"}\n', "utf-8")
    assert "one.jsonl cannot be read" in report(tmp_path, run)[1]


def test_figures_of_older_code_are_made_anew_from_rows(tmp_path):
    write(tmp_path / "set.jsonl", cases := lines())
    old = Metrics(figures={"qwk": Estimate(value=0.123)})
    run = store(tmp_path, "one", graded(cases), metrics=old)
    assert read_run(run).metrics().figures["qwk"].value != 0.123
    run.unlink()
    assert read_run(run).metrics() == old


def test_a_run_without_a_record_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"none\.run\.json"):
        read_run(tmp_path / "none.jsonl")


def test_failures_and_refusals_are_counted(tmp_path):
    write(tmp_path / "set.jsonl", cases := lines())
    failed = dict(score=None, key_points=[], verdicts=[], error="too long")
    rows = graded(cases)
    rows[0] |= failed | {"flags": ["too_long"], "path": "gate"}
    rows[1] |= failed | {"path": "llm:x"}
    rows[2] |= {"path": "llm:x", "usage": {"calls": 10, "hits": 1, "prompt_tokens": 7, "reply_tokens": 3}}
    metrics = read_run(store(tmp_path, "one", rows)).metrics()
    assert metrics.figures["failure_rate"].value == pytest.approx(2 / 12)
    assert metrics.figures["abstention_rate"].value == pytest.approx(1 / 12)
    assert metrics.figures["calls_per_answer"].value == 1


def test_demotions_and_retries_are_told_only_where_rows_tell_them(tmp_path):
    write(tmp_path / "set.jsonl", cases := lines())
    rows = graded(cases, flags=["unverified"])
    assert read_run(store(tmp_path, "one", rows)).metrics().figures["points_demoted"].value is None
    for row in rows:
        row["verdicts"][0] |= {"unverified": True, "retried": False}
    figures = read_run(store(tmp_path, "two", rows)).metrics().figures
    assert figures["points_demoted"].value == 1
    assert figures["quotes_after_retry"].value == 0


def refusing(folder):
    write(folder / "set.jsonl", [{"id": i, "query": f"问 {i} {EVIL}", "answerable": i > 1} for i in range(4)])
    return read_set_of(folder)


def read_set_of(folder):
    from hashlib import sha256

    return sha256((folder / "set.jsonl").read_bytes()).hexdigest()


def test_refusal_has_a_section_of_its_own(tmp_path):
    sha = refusing(tmp_path)
    rows = [{"id": i, "answered": i > 0, "evidence": 0.5, "error": None} for i in range(4)]
    metrics = Metrics(
        figures={"refusal": Estimate(value=0.5, low=0.2, high=0.8)},
        curves={"risk_coverage": [(0.5, 0.1), (1, 0.5)]},
    )
    source = Source(name="set.jsonl", sha256=sha, size=4)
    run = store(tmp_path, "one", rows, kind="refuse", metrics=metrics, set=source)
    page, text = report(tmp_path, run)
    read(page)
    assert "answered, although the notes hold no answer" in text
    assert "问 1" in text
    assert "问 2" not in text
    assert "Wrong decisions" in text


def test_retrieval_has_a_section_of_its_own(tmp_path):
    rows = [{"id": 1, "query": "找到", "rank": 1}, {"id": 2, "query": "找不到", "rank": None, "error": None}]
    metrics = Metrics(figures={"recall@1": Estimate(value=0.5, low=0, high=1)})
    page, text = report(tmp_path, store(tmp_path, "one", rows, kind="retrieve", metrics=metrics))
    read(page)
    assert "Recall among the first 1" in text
    assert "2: 找不到" in text
    assert "1: 找到" not in text


def test_stored_runs_of_the_project_can_be_reported(tmp_path):
    from evals.tracking import HERE

    for path in sorted((HERE / "runs").glob("*.run.json")):
        page, _ = report(tmp_path, path)
        read(page)
