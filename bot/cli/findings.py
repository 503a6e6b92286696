"""What `kaodian doctor` looks at: disk, settings, models, judge, notes, index and port."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bot.cli.checking import summary
from bot.domain.errors import KaodianError
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.domain.spans import Frozen
from bot.settings import Settings, config_is_private, unknown_settings
from bot.texts import say

RESERVE = 300_000_000
"""Free bytes that notes, index and grades may come to need, besides the models that are not here yet."""


class Finding(Frozen):
    """One thing that was looked at."""

    name: str
    ok: bool
    words: str
    warns: bool = False
    """Whether it should be read though nothing is broken."""

    @property
    def mark(self) -> str:
        """What stands before it."""
        return "!" if self.warns else "✓" if self.ok else "✗"


def free_bytes(directory: Path) -> int:
    """Bytes that a directory's disk still takes."""
    return shutil.disk_usage(directory).free


def examine(settings: Settings, free: Callable[[Path], int] = free_bytes) -> list[Finding]:
    """Look at the disk, the configuration, the models, the store, the index and the port.

    Args:
        settings: In effect.
        free: Bytes that a directory's disk still takes.
    """
    return [
        *_home(settings, free),
        _privacy(settings),
        *_unknown(settings),
        *_models(settings),
        *_language_model(settings),
        *_chroma(settings),
        *_judge(settings),
        _notes(settings),
        _index(settings),
        _port(settings),
    ]


def _home(settings: Settings, free: Callable[[Path], int]) -> list[Finding]:
    place = settings.home
    while not place.exists():
        place = place.parent
    writable = os.access(place, os.W_OK)
    there, need = free(place), _room_needed(settings)
    key = "cli.doctor_disk" if there >= need else "cli.doctor_disk_full"
    return [
        Finding(
            name="home",
            ok=writable,
            words=say("cli.doctor_home" if writable else "cli.doctor_home_locked", home=settings.home),
        ),
        Finding(
            name="disk",
            ok=there >= need,
            words=say(key, gb=f"{there / 1e9:.1f}", need=f"{need / 1e9:.1f}"),
        ),
    ]


def _room_needed(settings: Settings) -> int:
    """Bytes that the models take which are still to be fetched, and some for notes and index."""
    from bot.models import open_models

    models = open_models(settings)
    return RESERVE + sum(models.room_needed(name) for name in _wanted(settings))


def _wanted(settings: Settings) -> list[str]:
    """Embedded models that the settings use."""
    from bot.models import EMBEDDING_MODEL, LANGUAGE_MODEL

    language = [LANGUAGE_MODEL] if settings.llm == EMBEDDED else []
    return [EMBEDDING_MODEL, *language]  # the examiner reads with the first whatever the search uses


def _unknown(settings: Settings) -> list[Finding]:
    """Settings that are spelt wrongly; nothing where there are none."""
    try:
        names = unknown_settings(settings, os.environ)
    except KaodianError as error:
        return [Finding(name="unknown", ok=False, words=str(error))]
    words = say("cli.doctor_unknown", names=say("ingest.comma").join(names))
    return [Finding(name="unknown", ok=True, warns=True, words=words)] if names else []


def _privacy(settings: Settings) -> Finding:
    private = config_is_private(settings)
    key = "cli.doctor_config" if private else "cli.doctor_config_open"
    return Finding(name="config", ok=private, words=say(key, file=settings.config_file))


def _models(settings: Settings) -> list[Finding]:
    from bot.models import open_models

    models = open_models(settings)
    return [
        Finding(
            name=name,
            ok=models.is_present(name),
            words=say("cli.doctor_model" if models.is_present(name) else "cli.doctor_no_model", name=name),
        )
        for name in _wanted(settings)
    ]


def _language_model(settings: Settings) -> list[Finding]:
    if settings.llm in (EMBEDDED, NO_MODEL):
        return []
    from bot.adapters.llm import make_language_model
    from bot.seams import Message

    try:
        model = make_language_model(settings, lambda: settings.home)
        if model is not None:
            model.reply([Message(role="user", content="1+1=?")], max_tokens=16)
    except KaodianError as error:
        return [Finding(name="llm", ok=False, words=str(error))]
    return [Finding(name="llm", ok=True, words=say("cli.doctor_llm", name=settings.llm))]


def _chroma(settings: Settings) -> list[Finding]:
    if settings.chroma_url is None:
        return []
    from bot.adapters.index.chroma import ServedChroma

    try:
        ServedChroma(settings.chroma_url, owner="doctor").check()
    except KaodianError as error:
        return [Finding(name="chroma", ok=False, words=str(error))]
    return [Finding(name="chroma", ok=True, words=say("cli.doctor_chroma", url=settings.chroma_url))]


def _judge(settings: Settings) -> list[Finding]:
    """Whether a decision server decides, and what the judge's check found."""
    from bot.adapters.decisions import decision_model
    from bot.checking import CardShelf
    from bot.seams import Choice

    if settings.judge == NO_MODEL or (settings.judge == "auto" and settings.llm == NO_MODEL):
        return []
    shelf = CardShelf(settings.home)
    if settings.judge == "auto" and settings.llm == EMBEDDED:
        card = shelf.get(EMBEDDED)  # none is needed: it was checked before it shipped
        return [Finding(name="check", ok=True, words=summary(card))] if card else []
    findings: list[Finding] = []
    name, server = settings.llm, settings.llm_base_url
    if settings.judge != "auto":
        name, server = settings.judge, settings.judge_base_url
        try:
            choice = Choice(instructions="1+1=?", criteria={"two": "2", "three": "3"})
            decision_model(settings).decide({"text": "1+1=2"}, [choice])
            findings.append(Finding(name="judge", ok=True, words=say("cli.doctor_llm", name=name)))
        except KaodianError as error:
            findings.append(Finding(name="judge", ok=False, words=str(error)))
    card = shelf.get(name, server)
    words = summary(card) if card else say("checking.unchecked", model=name)
    return [*findings, Finding(name="check", ok=True, words=words)]


def _notes(settings: Settings) -> Finding:
    from bot.adapters.sql import open_store

    try:
        store = open_store(settings.home)
        count = len(store.notes.documents())
        store.close()
    except KaodianError as error:
        return Finding(name="notes", ok=False, words=str(error))
    return Finding(name="notes", ok=True, words=say("cli.doctor_notes", count=count))


def _index(settings: Settings) -> Finding:
    """Whether the index is about the notes that are stored, and all of it is there."""
    from bot.app import open_kaodian

    try:
        kaodian = open_kaodian(settings)
        try:
            kaodian.index.check()
            is_current = kaodian.notes.is_indexed()
        finally:
            kaodian.close()
    except KaodianError as error:
        return Finding(name="index", ok=False, words=str(error))
    key = "cli.doctor_index" if is_current else "cli.doctor_index_old"
    return Finding(name="index", ok=is_current, words=say(key))


def _port(settings: Settings) -> Finding:
    """Where the page would be; a port that is taken costs nothing while another one is free."""
    from bot.page.server import free_port

    try:
        port = free_port(settings.host, settings.port)
    except KaodianError as error:
        return Finding(name="port", ok=False, words=str(error))
    key = "cli.doctor_port" if port == settings.port else "cli.doctor_port_taken"
    return Finding(name="port", ok=True, words=say(key, port=settings.port, other=port))
