"""An answer in the making."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.answers import Citation, CitedSentence, Decider, Explanation, Hit, Outcome
from bot.explaining.support import Support


@dataclass
class Draft:
    """Sentences and citations so far; numbers of citations follow the order of their first use."""

    query: str
    standalone: str
    hits: list[Hit]
    evidence: float
    sentences: list[CitedSentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    lead_in: str = ""
    """Words that only announce what follows: shown once something does."""

    def cite(self, support: Support) -> int:
        """Number of the citation for `support`; the same place keeps its number."""
        hit = self.hits[support.number - 1]
        for known in self.citations:
            if known.chunk_id == hit.chunk.id and known.span == support.span:
                return known.number
        citation = Citation(
            number=len(self.citations) + 1,
            chunk_id=hit.chunk.id,
            document_id=hit.chunk.document_id,
            source=hit.source,
            heading_path=hit.chunk.heading_path,
            span=support.span,
            quote=support.quote,
        )
        self.citations.append(citation)
        return citation.number

    def add(self, text: str, supports: Iterable[Support]) -> CitedSentence:
        """Append a sentence with its citations."""
        sentence = CitedSentence(text=text, citations=tuple(self.cite(support) for support in supports))
        self.sentences.append(sentence)
        return sentence

    def explanation(self, outcome: Outcome, decider: Decider, nearest: Sequence[Hit]) -> Explanation:
        """The draft as it stands, as the answer."""
        return Explanation(
            query=self.query,
            standalone=self.standalone,
            outcome=outcome,
            decided_by=decider,
            evidence=self.evidence,
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            nearest=tuple(nearest),
            dropped=tuple(self.dropped),
        )
