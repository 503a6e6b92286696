import json
import os
import re
import subprocess
import sys
from functools import partial

import pytest
from fakes.terminal import Terminal

from bot.cli.notes import note_paths
from bot.domain.errors import BadInput

COMMANDS = [
    "serve",
    "ask",
    "quiz",
    "questions",
    "grade",
    "ingest",
    "chunks",
    "forget",
    "models",
    "doctor",
    "eval",
]

NOTE = """# 训练技巧

## 什么是早停？

早停监控验证集上的损失。连续若干轮没有改善就停止训练，并恢复验证损失最低的那份参数。

## 梯度裁剪解决什么问题？

梯度裁剪把梯度的范数限制在阈值以内。它用来防止梯度爆炸，不能解决梯度消失。
"""


def kaodian(home, *arguments, stdin="", **env):
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=280,
        env={**os.environ, "KAODIAN_HOME": str(home), "KAODIAN_LLM": "none", "COLUMNS": "200", **env},
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_command_in_the_users_language(tmp_path, lang):
    shown = kaodian(tmp_path, "--help", KAODIAN_LANG=lang)
    assert shown.returncode == 0
    assert all(re.search(rf"\b{name}\b", shown.stdout) for name in COMMANDS)
    assert ("笔记" in shown.stdout) == (lang == "zh")


def test_wrong_use_is_told_on_stderr_with_its_own_code(tmp_path):
    wrong = kaodian(tmp_path, "ask")
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    setting = kaodian(tmp_path, "doctor", KAODIAN_PORT="0")
    assert setting.returncode == 2
    assert "KAODIAN_PORT" in setting.stderr


def test_the_doctor_says_what_is_missing_and_how_to_mend_it(tmp_path):
    (tmp_path / "config.toml").write_text('llm = "openai:m"\nllm_api_key = "sk-very-secret"\nlang = "en"\n')
    (tmp_path / "config.toml").chmod(0o644)
    told = kaodian(tmp_path, "doctor", "--json")
    assert told.returncode == 1
    found = json.loads(told.stdout)
    assert found["settings"]["lang"] == "en"
    assert "sk-very-secret" not in told.stdout + told.stderr
    by_name = {finding["name"]: finding for finding in found["findings"]}
    assert not by_name["config"]["ok"]
    assert "chmod 600" in by_name["config"]["words"]
    assert "kaodian models pull" in by_name["multilingual-e5-small"]["words"]


def test_environment_wins_over_the_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "config.toml").write_text('lang = "en"\n')
    (tmp_path / "config.toml").chmod(0o600)
    terminal = Terminal(monkeypatch, capsys, KAODIAN_HOME=str(tmp_path), KAODIAN_LLM="none")
    assert "data directory" in terminal("doctor").stdout
    assert "数据目录" in terminal("doctor", KAODIAN_LANG="zh").stdout


def test_a_folder_gives_its_notes_and_no_hidden_or_foreign_files(tmp_path):
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.md").write_text("x")
    (tmp_path / "photo.png").write_bytes(b"x")
    assert [name for _, name in note_paths([tmp_path])] == ["a.md", "sub/b.txt"]


def test_files_of_one_name_are_named_from_the_folder_that_holds_them_all(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text(folder)
    files = [tmp_path / "a" / "README.md", tmp_path / "b" / "README.md"]
    assert [name for _, name in note_paths(files)] == ["a/README.md", "b/README.md"]
    assert [name for _, name in note_paths([tmp_path / "a", tmp_path / "b"])] == [
        "a/README.md",
        "b/README.md",
    ]
    assert [name for _, name in note_paths(files[:1])] == ["README.md"]
    assert [name for _, name in note_paths([tmp_path / "a", files[0]])] == ["README.md"]


def test_paths_that_lead_nowhere_say_so(tmp_path):
    with pytest.raises(BadInput):
        note_paths([tmp_path / "none.md"])
    with pytest.raises(BadInput):
        note_paths([tmp_path])


@pytest.mark.real
def test_notes_questions_answers_quiz_and_grade_from_the_command_line(
    tmp_path, model_store, embedder, monkeypatch, capsys
):
    """A question is asked in a process of its own; all else is typed into this one."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(model_store.path("multilingual-e5-small").parents[1])
    note = tmp_path / "tricks.md"
    note.write_text(NOTE, "utf-8")

    env = {"KAODIAN_HOME": str(home), "KAODIAN_LLM": "none", "KAODIAN_SAMPLE": "off"}
    terminal = Terminal(monkeypatch, capsys, **env)

    def run(*arguments, by=terminal, **more):
        done = by(*arguments, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    process = partial(kaodian, home, KAODIAN_SAMPLE="off")

    report = json.loads(run("ingest", str(note), "--json"))
    assert (report["files"], report["paired"]) == (1, 2)
    assert "什么是早停？" in run("chunks")
    answer = json.loads(run("ask", "早停看什么指标？", "--json", by=process))
    assert answer["outcome"] == "passages"
    assert all(c["quote"] in NOTE for c in answer["citations"])
    more = json.loads(run("ask", "那它怎么防止过拟合？", "--conversation", answer["conversation"], "--json"))
    assert more["conversation"] == answer["conversation"]
    assert more["standalone"] != "那它怎么防止过拟合？"
    questions = {q["text"]: q for q in json.loads(run("questions", "--json"))}
    question = questions["什么是早停？"]
    assert all(point["quote"]["text"] in NOTE for point in question["key_points"])
    full = "监控验证集损失，连续若干轮没有改善就停止训练，恢复验证损失最低的参数。"
    graded = json.loads(run("grade", question["id"], full, "--json"))
    assert len(graded["verdicts"]) == len(question["key_points"])
    assert graded["score"] > 0.5
    assert all(verdict["quote"]["text"] in full for verdict in graded["verdicts"] if verdict["quote"])
    told = run("quiz", "-n", "2", stdin=f"/h\n{full}\n\n/n\n")
    assert "2" in told.splitlines()[-1]
    answers = f"学习率\n\n{full}\n\n"
    sat = terminal("quiz", "-n", "2", "--mode", "interview", "--json", stdin=answers)
    record = json.loads(sat.stdout)
    assert record["quiz"]["mode"] == "interview"
    assert record["summary"]["graded"] == 2
    before, after = sat.stderr.split("逐题回顾")
    assert "参考答案" not in before
    assert "参考答案" in after
    left = terminal("quiz", "-n", "1", "--mode", "interview", "--json")
    assert "--resume" in left.stderr
    assert "turns" not in json.loads(left.stdout)
    assert json.loads(run("quiz", "--resume", "--json", stdin="/q\n"))["quiz"]["finished"]
    assert json.loads(run("forget", "tricks.md", "--json"))["source"] == "tricks.md"
