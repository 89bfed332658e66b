"""``mlwatch schema`` and ``mlwatch completion``: for editors and shells."""

from __future__ import annotations

import click

from .common import echo_json


@click.command()
def schema() -> None:
    """Print a JSON Schema (2020-12) of the options of an mlentry block.

    It describes the block as YAML has it. Editors complete and check by it; so can any JSON Schema validator.
    """
    from ..core.schema import schema as make

    echo_json(make())


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, options and keywords in a SHELL.

    \b
    bash: mlwatch completion bash > ~/.local/share/bash-completion/completions/mlwatch
    zsh:  mlwatch completion zsh > a file _mlwatch in a folder of $fpath
    fish: mlwatch completion fish > ~/.config/fish/completions/mlwatch.fish
    """  # noqa: D301 - the mark by which click leaves lines as they are
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    top = ctx.find_root().command
    if made is None:  # click knows these three
        raise click.UsageError(f"there is no completion for {shell}")
    script = made(top, {}, "mlwatch", "_MLWATCH_COMPLETE")
    click.echo(script.source_template % script.source_vars())
