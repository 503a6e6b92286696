"""Lines of sets that people graded, as small as they can be."""

import json


def labelled(name, number):
    """A right answer to one of sixty questions."""
    return json.dumps(
        {
            "id": f"{name}-{number}",
            "question_id": f"q{number % 60}",
            "question": "Why?",
            "answer": f"Because of {number}.",
            "reference": "Because it is.",
            "label": "correct",
            "score": 1,
            "max_score": 2,
        }
    )
