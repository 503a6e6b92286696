"""`kaodian models check`: what a model is worth as a judge."""

from typing import Annotated

import typer

from bot.cli.session import Session
from bot.domain.capability import CapabilityCard
from bot.domain.errors import BadInput
from bot.texts import say


def add_check(app: typer.Typer, session: Session) -> None:
    """Put `check` under `app`."""

    @app.command(help=say("checking.check_help"))
    def check(
        model: Annotated[str, typer.Argument(metavar="MODEL", help=say("checking.check_model_help"))] = "",
        show: Annotated[bool, typer.Option("--show", help=say("checking.show_help"))] = False,
        fresh: Annotated[bool, typer.Option("--fresh", help=say("checking.fresh_help"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("models.json_help"))] = False,
    ) -> None:
        cards = _stored(session, model) if show else [_checked(session, model, fresh=fresh)]
        if as_json:
            session.console.json(cards)
        for card in cards if not as_json else ():
            session.console.print("\n".join(lines(card)))


def summary(card: CapabilityCard) -> str:
    """One line: what follows from the check."""
    return say(
        "checking.summary",
        model=card.model,
        path=say(f"checking.path_{card.path}"),
        trust=say(f"grading.trust_{card.trust}"),
        when=card.checked_at[:10],
    )


def lines(card: CapabilityCard) -> list[str]:
    """All of a card, for people."""
    gain = card.gain
    said = [summary(card)]
    if card.reasons:
        names = ", ".join(say(f"checking.name_{name}") for name in card.reasons)
        said.append(say("checking.reasons", names=names))
    said.append(
        say(
            "checking.agreement",
            value=f"{card.agreement:.2f}",
            floor=f"{card.floor:.2f}",
            gain=f"{gain.value:.2f}",
            low=f"{gain.low:.2f}",
            high=f"{gain.high:.2f}",
        )
    )
    for name in ("content_free", "negation", "adherence", "order_flips", "json_valid"):
        said.append(say(f"checking.{name}", value=f"{getattr(card, name):.0%}"))
    said.append(say("checking.logprobs_yes" if card.logprobs else "checking.logprobs_no"))
    said.append(
        say(
            "checking.cost",
            calls=card.calls,
            seconds=f"{card.seconds:.1f}",
            failed=f"{card.failed:.0%}",
            timed_out=f"{card.timed_out:.0%}",
        )
    )
    return said


def _stored(session: Session, model: str) -> list[CapabilityCard]:
    from bot.checking import CardShelf

    cards = [card for card in CardShelf(session.settings.home).cards() if model in ("", card.model)]
    if not cards:
        raise BadInput("checking.no_cards")
    return cards


def _checked(session: Session, model: str, *, fresh: bool) -> CapabilityCard:
    from bot.app.checking import check_model

    if not model:
        raise BadInput("checking.no_model")
    with session.console.progress() as progress:
        return check_model(session.settings, model, progress, fresh=fresh)
