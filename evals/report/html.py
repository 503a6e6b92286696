"""A report as one HTML file that fetches nothing and runs nothing."""

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import zip_longest

from evals.report.blocks import Block, Gap, Heading, Page, Picture, Quote, Section, Table, Text

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do with the file, wherever it is opened."""


def html(page: Page) -> str:
    """The whole page; all text is escaped, drawings come from evals.report.plots."""
    return (
        f'<!doctype html>\n<html lang="{escape(page.lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(page.title)}</h1>\n{''.join(map(_section, page.sections))}</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return files("evals.report").joinpath("style.css").read_text("utf-8")


def _section(section: Section) -> str:
    body = "\n".join(_block(block) for block in section.blocks)
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{body}\n</section>\n"


def _block(block: Block) -> str:
    match block:
        case Table():
            return _table(block)
        case Picture():
            return f"<figure>{block.svg}<figcaption>{escape(block.caption)}</figcaption></figure>"
        case Heading():
            return f"<h3>{escape(block.text)}</h3>"
        case Quote():
            return f"<p class='label'>{escape(block.label)}</p><blockquote>{escape(block.text)}</blockquote>"
        case Gap():
            return f"<p class='gap'>{escape(block.text)}</p>"
        case Text():
            return f"<p>{escape(block.text)}</p>"


def _table(block: Table) -> str:
    heads = "".join(f"<th>{escape(text)}</th>" for text in block.heads)
    labels = block.heads if block.prose and len(block.heads) > 2 else ()
    body = "".join(f"<tr>{_cells(row, labels)}</tr>\n" for row in block.rows)
    kind = " class='prose'" if block.prose else ""
    return (
        f"<div class='wide'><table{kind}><thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], labels: Sequence[str]) -> str:
    """Cells with the heads that a phone, which stacks them, shows before all but the first."""
    told = ["", *(f' data-head="{escape(label)}"' for label in labels[1:])]
    return "".join(
        f"<td{label or ''}>{escape(text)}</td>" for text, label in zip_longest(row, told[: len(row)])
    )
