"""Puts the sample notes, which stand at the top level of the source tree, into the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["bot", "bot.*", "evals", "evals.*"]), "bot.corpus"],
    package_dir={"bot.corpus": "corpus"},
    package_data={
        "bot": ["py.typed"],
        "bot.corpus": ["*.md", "*.jsonl"],
        "bot.texts": ["*/*.toml"],
        "bot.checking": ["*.jsonl"],
        "bot.domain": ["*.toml"],
        "bot.prompts": ["*.md"],
        "bot.models": ["*.toml", "*.safetensors"],
        "bot.grading": ["*.json", "*.md", "*.safetensors"],
        "bot.page": ["assets/*"],
        "bot.adapters.sql.migrations": ["**/*.py", "*.mako"],
        "evals": ["sets/*.jsonl", "sets/*.md", "tracked.json"],
        "evals.report": ["*.css"],
    },
)
