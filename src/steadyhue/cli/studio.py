"""``steadyhue studio``: the page for people who don't use a terminal."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("clips", nargs=-1, metavar="[CLIP...]", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default is a free one.")
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1 << 20),
    default=512,
    show_default=True,
    metavar="MB",
    help="Largest file that may be dropped on the page.",
)
def studio(clips: tuple[Path, ...], port: int, no_browser: bool, limit: int) -> None:
    """Open a page for seeing what every setting does, on CLIPs or what you drop.

    It is served to this machine only, and ends with Ctrl-C. Nothing is sent anywhere.
    """
    from steadyhue.studio.server import Server, open_browser

    server = Server(clips, port=port, upload=limit << 20)

    def ready(address: str) -> None:
        click.echo(f"The studio is at {address}\nCtrl-C ends it.", err=True)
        if not no_browser:
            open_browser(server.ticket_address)

    server.run(ready)
