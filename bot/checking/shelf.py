"""Where cards are kept, and what they say of a grade."""

from pathlib import Path

from pydantic import ValidationError

from bot.checking.probes import probes_hash, shipped_probes
from bot.checking.versions import judged_by
from bot.domain.capability import CapabilityCard, JudgePath
from bot.domain.grades import Trust
from bot.domain.judges import EMBEDDED, FEATURES, LLM_PREFIX, NO_MODEL
from bot.domain.spans import digest

FOLDER = "checks"
SHIPPED_TRUST = {FEATURES: Trust.LOW, EMBEDDED: Trust.MEDIUM}
"""Of the judges that ship, by path: as `kaodian models check` found, but one level less for the embedded one,
since docs/evals.md finds it weaker on the gold set than on the probes. A card of one's own goes first.
"""
_SHIPPED = {FEATURES: NO_MODEL, EMBEDDED: EMBEDDED}
"""Their names in a check, by path."""


class CardShelf:
    """Cards as JSON files.

    Args:
        home: The product's home; the folder is made on the first card.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def get(self, model: str, server: str | None = None) -> CapabilityCard | None:
        """The card of a model on a server; None if it was not checked as it judges today."""
        card = _read(self._file(model, server or ""))
        if card is None or card.probes != probes_hash(shipped_probes()) or card.prompt != judged_by(model):
            return None
        return card

    def put(self, card: CapabilityCard) -> Path:
        """Keep a card in place of an older one of the same model; returns its file."""
        file = self._file(card.model, card.server)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(card.model_dump_json(indent=1) + "\n", "utf-8")
        return part.replace(file)

    def cards(self) -> list[CapabilityCard]:
        """All cards, by name."""
        found = [_read(file) for file in sorted(self.folder.glob("*.json"))] if self.folder.exists() else []
        return sorted((card for card in found if card), key=lambda card: (card.model, card.server))

    def trust(self, path: str, server: str | None = None) -> Trust:
        """How far a grade of this path can be trusted, by what is known today.

        Args:
            path: As the grade names it.
            server: Of the model that judges now.
        """
        shipped = SHIPPED_TRUST.get(path.partition(":")[0])
        named = _SHIPPED.get(path.partition(":")[0])
        card = self.get(named) if named else self.get(path.removeprefix(LLM_PREFIX), server)
        if card is None:
            return shipped or Trust.UNCHECKED
        return Trust.LOW if card.path is JudgePath.VERIFIER else card.trust

    def _file(self, model: str, server: str) -> Path:
        return self.folder / f"{digest(model, server)}.json"


def _read(file: Path) -> CapabilityCard | None:
    try:
        return CapabilityCard.model_validate_json(file.read_text("utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
