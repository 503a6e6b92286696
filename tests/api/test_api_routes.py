import pytest
from fakes.llm import ScriptedModel
from fakes.product import NORM, product
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.api import add_api
from bot.domain.jobs import JobState
from bot.texts import say


@pytest.fixture
def client(tmp_path):
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    add_api(app, product(tmp_path, ("bn.md", NORM)))
    return TestClient(app)


def test_status_and_notes(client):
    status = client.get("/api/v1/status").json()
    assert status["ready"] is True
    assert status["language_model"] is None
    assert [stage["state"] for stage in status["stages"]] == ["done", "done", "done", "off"]
    (note,) = client.get("/api/v1/notes").json()
    assert note["source"] == "bn.md"
    assert note["in_use"] is True


def test_a_pasted_note_can_be_asked_at_once(client):
    reply = client.post("/api/v1/notes", json={"title": "核", "text": "# 核\n\n高斯核可以把数据映到无穷维。"})
    assert reply.status_code == 201
    assert reply.json()["files"] == 1
    answer = client.post("/api/v1/ask", json={"question": "高斯核可以把数据映到哪里？"}).json()
    assert answer["outcome"] == "passages"
    assert "无穷维" in answer["citations"][0]["quote"]
    again = client.post(
        "/api/v1/ask", json={"question": "那 BN 呢？", "conversation": answer["conversation"]}
    )
    assert again.json()["conversation"] == answer["conversation"]


def test_a_paste_says_what_it_replaced(client):
    for text, replaced in (("高斯核可以把数据映到无穷维。", []), ("多项式核只到有限维。", ["paste: 核"])):
        reply = client.post("/api/v1/notes", json={"title": "核", "text": text}).json()
        assert reply["replaced"] == replaced


def test_what_the_notes_do_not_hold_is_refused(client):
    answer = client.post("/api/v1/ask", json={"question": "xyzzy plugh quux?"}).json()
    assert answer["outcome"] == "refused"
    assert answer["sentences"] == []


def test_questions_and_a_grade(client):
    questions = client.get("/api/v1/questions", params={"section": ["批归一化"]}).json()
    assert len(questions) == 2
    body = {"question_id": questions[0]["id"], "answer": questions[0]["key_points"][0]["text"]}
    grade = client.post("/api/v1/grade", json=body).json()
    assert grade["error"] is None
    blank = client.post("/api/v1/grade", json={**body, "answer": " "})
    assert blank.status_code == 422
    assert grade["verdicts"][0]["quote"]["text"] in body["answer"]
    assert 0 <= grade["score"] <= 1
    assert client.get("/api/v1/questions", params={"section": "别的"}).json() == []


def test_a_quiz_gives_no_key_point_of_an_open_question_away(client):
    quiz = client.post("/api/v1/quizzes", json={"length": 2}).json()
    quiz_id = quiz["quiz"]["id"]
    assert quiz["question"]
    assert quiz["questions"] == []
    done = client.post(f"/api/v1/quizzes/{quiz_id}/submit", json={"turn": 1, "answer": "不知道"}).json()
    assert done["grade"]["flags"] == ["gave_up"]
    assert len(done["questions"]) == 1
    twice = client.post(f"/api/v1/quizzes/{quiz_id}/submit", json={"turn": 1, "answer": "另一个"}).json()
    assert twice["grade"]["id"] == done["grade"]["id"]
    following = client.post(f"/api/v1/quizzes/{quiz_id}/go_on", json={"turn": 1}).json()
    assert following["question"] != quiz["question"]
    assert len(following["questions"]) == 1
    assert client.get(f"/api/v1/quizzes/{quiz_id}").json() == following


def test_an_interview_keeps_everything_back_until_it_is_over(client):
    points = [p["text"] for q in client.get("/api/v1/questions").json() for p in q["key_points"]]
    quiz = client.post("/api/v1/quizzes", json={"length": 2, "mode": "interview"}).json()
    at = f"/api/v1/quizzes/{quiz['quiz']['id']}"
    answered = client.post(f"{at}/submit", json={"turn": 1, "answer": "大概和学习率有点关系吧"})
    skipped = [client.post(f"{at}/{what}", json={"turn": n}) for what, n in (("go_on", 1), ("skip", 2))]
    for reply in (answered, *skipped, client.get(at)):
        assert not [point for point in points if point in reply.text]
        assert reply.json()["questions"] == reply.json()["grades"] == []
        assert reply.json()["grade"] is None
    told = answered.json()["feedback"]
    assert told["score"]
    assert told["ideal"] == []
    over = client.post(f"{at}/go_on", json={"turn": 2}).json()
    assert over["quiz"]["finished"]
    assert len(over["questions"]) == 2
    assert sorted(p["text"] for q in over["questions"] for p in q["key_points"]) == sorted(points)
    assert [grade["answer"] for grade in over["grades"]] == ["大概和学习率有点关系吧"]


def test_what_was_typed_is_kept_beside_the_quiz(client):
    at = f"/api/v1/quizzes/{client.post('/api/v1/quizzes', json={'length': 1}).json()['quiz']['id']}"
    assert client.post(f"{at}/draft", json={"turn": 1, "text": "写到一半"}).json() == {"kept": True}
    assert client.get(at).json()["draft"] == "写到一半"
    stopped = client.post(f"{at}/stop", json={}).json()
    assert stopped["quiz"]["finished"]
    assert stopped["draft"] == ""
    assert client.post(f"{at}/draft", json={"turn": 1, "text": "x"}).json() == {"kept": False}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/ask", {"question": "  "}, 422),
        ("/api/v1/ask", {"question": "BN", "conversation": "nowhere"}, 404),
        ("/api/v1/ask", {"wrong": 1}, 422),
        ("/api/v1/notes", {"text": " "}, 422),
        ("/api/v1/grade", {"question_id": "nowhere", "answer": "x"}, 404),
        ("/api/v1/quizzes", {"length": 0}, 422),
        ("/api/v1/quizzes/nowhere/submit", {"turn": 1, "answer": "x"}, 404),
    ],
)
def test_errors_are_json_that_says_what_is_wrong(client, path, body, status):
    reply = client.post(path, json=body)
    assert reply.status_code == status
    assert set(reply.json()) == {"error"}
    assert reply.json()["error"].strip()


def test_a_body_that_lacks_a_field_is_told_in_words_of_the_catalogue(client):
    told = client.post("/api/v1/ask", json={"wrong": 1}).json()["error"]
    assert told == say("api.malformed", field="question", why=say("validation.missing"))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_read_so_that_no_stranger_s_form_can_write(client, kind):
    headers = {"content-type": kind} if kind else {}
    reply = client.post("/api/v1/notes", content='{"title": "a", "text": "b"}', headers=headers)
    assert reply.status_code in (415, 422)
    assert len(client.get("/api/v1/notes").json()) == 1


def test_the_description_is_there_and_loads_nothing_from_elsewhere(client):
    assert "/api/v1/ask" in client.get("/api/openapi.json").json()["paths"]
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_the_next_questions_are_made_while_a_client_waits_for_its_learner_until_that_is_cancelled(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM), model=ScriptedModel([]))
    app = FastAPI()
    add_api(app, kaodian)
    client = TestClient(app)
    quiz_id = client.post("/api/v1/quizzes", json={"length": 5}).json()["quiz"]["id"]
    (job,) = kaodian.store.jobs.jobs()
    kaodian.jobs.cancel(job.id)
    client.post(f"/api/v1/quizzes/{quiz_id}/skip", json={"turn": 1})
    client.post(f"/api/v1/quizzes/{quiz_id}/go_on", json={"turn": 1})
    assert [each.state for each in kaodian.store.jobs.jobs()] == [JobState.CANCELLED]
