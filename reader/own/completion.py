"""`reader completion`: what a shell needs to complete commands, options, values and views."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reader.commands import DONE, MODULES
from reader.commands.opening import settings
from reader.commands.output import write, write_exact

from .described import OPTIONS, VIEWS, Described, Option, described

SUMMARY = "completion for bash, zsh and fish"

EXAMPLES = """\
examples:
  source <(reader completion bash)                                  in ~/.bashrc
  reader completion zsh > "${fpath[1]}/_reader"                     before compinit
  reader completion fish > ~/.config/fish/completions/reader.fish
  reader completion views                                           what --view takes, one a line

exit codes: 0 done, 2 wrong usage.
"""

_HEAD = "# Completion of `reader`, made by `reader completion {name}`."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "shell", choices=["bash", "zsh", "fish", VIEWS], metavar="SHELL", help="bash, zsh or fish"
    )


def run(args: Namespace) -> int:
    if args.shell == VIEWS:
        for name in _views(args):
            write(name)
        return DONE
    script = {"bash": bash, "zsh": zsh, "fish": fish}[args.shell]()
    write_exact(script)
    return DONE


def _views(args: Namespace) -> list[str]:
    from reader import views
    from reader.records.query import View

    file = settings(args).file
    own = [] if file is None else [each.name for each in views.load(file).views]
    return [*own, *(view.value for view in View)]


def bash() -> str:
    """Return the script for bash."""
    words = " ".join((*MODULES, *_flags(OPTIONS)))
    values: list[str] = []
    options: list[str] = []
    for each in described():
        options.append(f"    {each.name}) words={_quote(' '.join(_flags(each.options)))} ;;")
        if each.words:
            values.append(f"    {each.name}:{each.name}) given={_quote(' '.join(each.words))} ;;")
        for option in each.options:
            for flag in option.flags:
                if option.asked:
                    values.append(
                        f"    {each.name}:{flag}) _reader_asked {option.asked}; return ;;"
                    )
                elif option.choices:
                    given = _quote(" ".join(option.choices))
                    values.append(f"    {each.name}:{flag}) given={given} ;;")
    return "\n".join(
        (
            _HEAD.format(name="bash"),
            "_reader_asked() {  # names may hold anything: they are never expanded",
            "  local line",
            "  while IFS= read -r line; do",
            '    [[ $line == "$cur"* ]] && COMPREPLY+=("$(printf %q "$line")")',
            '  done < <(reader completion "$1" 2>/dev/null)',
            "}",
            "_reader() {",
            "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= given=",
            "  local name=${COMP_WORDS[1]} IFS=$' \\t\\n'",
            "  COMPREPLY=()",
            '  if [ "$COMP_CWORD" -eq 1 ]; then',
            f'    COMPREPLY=($(compgen -W {_quote(words)} -- "$cur"))',
            "    return",
            "  fi",
            '  case "$name:$prev" in',
            *values,
            "  esac",
            '  if [ -n "$given" ]; then',
            '    COMPREPLY=($(compgen -W "$given" -- "$cur"))',
            "    return",
            "  fi",
            '  case "$cur" in -*) ;; *) return ;; esac',
            '  case "$name" in',
            *options,
            "  esac",
            '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
            "}",
            "complete -o default -o bashdefault -F _reader reader",
            "",
        )
    )


def zsh() -> str:
    """Return the function file for zsh."""
    lines = [
        "#compdef reader",
        _HEAD.format(name="zsh"),
        "",
        "_reader_views() {",
        '  local -a views; views=("${(@f)$(reader completion views 2>/dev/null)}")',
        "  compadd -a views",
        "}",
        "",
        "_reader() {",
        '  local curcontext="$curcontext" state line',
        "  local -a commands",
        "  commands=(",
    ]
    every = described()
    lines += [f"    {_quote(f'{each.name}:{each.summary}')}" for each in every]
    lines += [
        "  )",
        "  if (( CURRENT == 2 )); then",
        "    _describe -t commands command commands",
        "    _files",
        f"    _arguments {' '.join(spec for option in OPTIONS for spec in _zsh(option))}",
        "    return",
        "  fi",
        "  local name=$words[2]",
        "  shift words; (( CURRENT-- ))",
        "  case $name in",
    ]
    for each in every:
        specs = [spec for option in each.options for spec in _zsh(option)]
        first = f"({' '.join(each.words)})" if each.words else "_files"
        specs.append(_quote(f"*::argument:{first}" if not each.words else f"1:argument:{first}"))
        lines.append(f"    {each.name}) _arguments -S {' '.join(specs)} ;;")
    lines += ["    *) _files ;;", "  esac", "}", "", 'if [ "$funcstack[1]" = _reader ]; then']
    lines += ['  _reader "$@"', "else", "  compdef _reader reader", "fi", ""]
    return "\n".join(lines)


def fish() -> str:
    """Return the script for fish."""
    lines = [_HEAD.format(name="fish"), "complete -c reader -e"]
    first = "__fish_is_nth_token 1"
    lines.append("function __reader_is; set -l words (commandline -opc); test (count $words) -gt 1;"
                 " and test $words[2] = $argv[1]; end")  # fmt: skip
    lines += [_fish(first, option) for option in OPTIONS]
    for each in described():
        lines.append(
            f"complete -c reader -n '{first}' -a {each.name} -d {_fish_quote(each.summary)}"
        )
        when = f"__reader_is {each.name}"
        if each.words:
            lines.append(
                f"complete -c reader -n '{when}' -f -a {_fish_quote(' '.join(each.words))}"
            )
        lines += [_fish(when, option) for option in each.options]
    return "\n".join(lines) + "\n"


def _fish(when: str, option: Option) -> str:
    parts = ["complete -c reader", f"-n '{when}'"]
    parts += [f"-l {f[2:]}" if f.startswith("--") else f"-s {f[1:]}" for f in option.flags]
    parts.append(f"-d {_fish_quote(option.help)}")
    if option.asked:
        parts.append(f"-xa '(reader completion {option.asked} 2>/dev/null)'")
    elif option.choices:
        parts.append(f"-xa {_fish_quote(' '.join(option.choices))}")
    elif option.metavar:
        parts.append("-r")
    return " ".join(parts)


def _zsh(option: Option) -> list[str]:
    """One specification a flag: what has several would need their braces expanded."""
    help = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    help = help.replace(":", "\\:")
    value = ""
    if option.metavar:
        name = option.metavar.split()[0].split("|")[0].split("=")[0].lower()
        how = "_files"
        if option.asked:
            how = f"_reader_{option.asked}"
        elif option.choices:
            how = f"({' '.join(option.choices)})"
        value = f":{name}:{how}"
    return [_quote(f"*{flag}[{help}]{value}") for flag in option.flags]


def _flags(options: tuple[Option, ...]) -> list[str]:
    return [flag for option in options for flag in option.flags]


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


__all__ = ["Described", "bash", "fish", "zsh"]
