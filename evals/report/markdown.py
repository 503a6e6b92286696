"""A report as Markdown."""

import re
from collections.abc import Iterable

from evals.report.blocks import Block, Gap, Heading, Page, Picture, Quote, Table, Text

_SPECIAL = re.compile(r"([\\`*_{}<>#|~$]|!(?=\[)|\](?=[(:\[]))")
"""What would become markup; a bracket only where it would end a link or begin a picture."""


def markdown(page: Page) -> str:
    """The whole page; text by others cannot become markup."""
    parts = [f"# {escaped(page.title)}"]
    for section in page.sections:
        parts.append(f"## {escaped(section.title)}")
        parts += [text for block in section.blocks if (text := _block(block))]
    return "\n\n".join(parts) + "\n"


def table(block: Table) -> str:
    """A pipe table."""
    lines = [_cells(block.heads), "|" + " --- |" * len(block.heads)]
    return "\n".join(lines + [_cells(row) for row in block.rows])


def escaped(text: str) -> str:
    """`text` on one line, without markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _block(block: Block) -> str:
    match block:
        case Table():
            return table(block)
        case Picture():
            return f"{escaped(block.caption)}\n\n{table(block.table)}" if block.table else ""
        case Heading():
            return f"### {escaped(block.text)}"
        case Quote():
            return f"{escaped(block.label)}:\n\n" + "\n".join(
                f"> {escaped(line)}" for line in block.text.splitlines() or [""]
            )
        case Gap():
            return f"*{escaped(block.text)}*"
        case Text():
            return escaped(block.text)


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
