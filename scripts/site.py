"""What MkDocs is told beside mkdocs.yml: pages of the root, other pages, commands and options."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click
from mkdocs.structure.files import File, Files

from steadyhue.cli import main

ROOT = Path(__file__).parents[1]
AT_ROOT = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
"""Pages that stand beside the README, where people and forges look for them."""

COMMANDS = "<!-- commands -->"
"""Where a page has all commands with their options."""

ELSEWHERE = "Measured"
"""The section of pages that mkdocs.yml does not name."""


def on_config(config: Any) -> Any:
    """Put every page that the navigation does not name into one of its sections."""
    named = set(re.findall(r"[\w/-]+\.md", str(config.nav)))
    docs = Path(config.docs_dir)
    others = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    (section,) = (entry[ELSEWHERE] for entry in config.nav if ELSEWHERE in entry)
    section.extend(page for page in others if page not in named)
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root, with links as they are from inside docs/."""
    for name in AT_ROOT:
        text = (ROOT / name).read_text("utf-8")
        files.append(File.generated(config, name, content=linked_from_docs(text)))
    return files


def linked_from_docs(text: str) -> str:
    """Return a page of the root with its links as they are from inside docs/."""
    return re.sub(r"\]\(docs/", "](", text)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Let links from docs/ to the root's pages stay inside the site, and put in the commands."""
    names = "|".join(re.escape(name) for name in AT_ROOT)
    inside = re.sub(rf"\]\(\.\./({names})", r"](\1", markdown)
    return inside.replace(COMMANDS, "\n".join(described(name) for name in main.commands))


def described(name: str) -> str:
    """Return a command as `--help` tells it, in Markdown."""
    command = main.commands[name]
    context = click.Context(command, info_name=f"steadyhue {name}")
    usage = command.get_usage(context).removeprefix("Usage: ")
    records = [option.get_help_record(context) for option in command.get_params(context)]
    rows = [
        f"| <code>{cell(option)}</code> | {cell(text)} |"
        for option, text in filter(None, records)
        if text
    ]
    table = ["| option | |", "|---|---|", *rows]
    return "\n".join(
        [f"## {name}", "", f"    {usage}", "", cleandoc(command.help or ""), "", *table, ""]
    )


def cell(text: str) -> str:
    """Return a text for a cell of a table, where it may be broken."""
    return text.replace("|", " &#124; ").replace("*", "\\*")
