"""`reader completion`: what a shell needs to complete commands, options, values and views."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from reader.commands import DONE, MODULES, CommandError, nearest
from reader.commands.opening import choose, given_path, open_at, settings
from reader.commands.output import write, write_exact
from reader.commands.queries import saved_views
from reader.records.text import encodable

from .described import (
    ASKED,
    FOLDERS,
    OPTIONS,
    OWN_VIEWS,
    PROVIDERS,
    QUERIES,
    TOPICS,
    TYPES,
    VIEWS,
    WHERE,
    Described,
    Option,
    described,
)

if TYPE_CHECKING:
    from reader.library.collection import Collection

SUMMARY = "completion for bash, zsh and fish"

EXAMPLES = """\
examples:
  source <(reader completion bash)                                  in ~/.bashrc
  reader completion zsh > "${fpath[1]}/_reader"                     before compinit
  reader completion fish > ~/.config/fish/completions/reader.fish
  reader completion views                                           what --view takes, one a line
  reader completion topics -C DIR                                   what --topic takes there

What is completed: commands (also after -C DIR and the other general options), options, and values:
views, the topics, folders, types and providers of the collection as it was indexed last, and
queries, as Tab does in the filter line.

exit codes: 0 done, 2 wrong usage.
"""

SHELLS = ("bash", "zsh", "fish")
_AT_MOST = 100  # ways in which a query may go on
_HEAD = "# Completion of `reader`, made by `reader completion {name}`."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "shell",
        type=_shell,
        choices=[*SHELLS, *ASKED],
        metavar="SHELL",
        help="bash, zsh or fish",
    )
    parser.add_argument("typed", nargs="?", default="", help=SUPPRESS)
    parser.add_argument(
        "-C", "--collection", metavar="PATH", help="the collection whose values are asked for"
    )


def _shell(given: str) -> str:
    """Return a shell, or what the scripts themselves ask for. Raises ArgumentTypeError."""
    if given in SHELLS or given in ASKED:
        return given
    hint = nearest(given, list(SHELLS))
    raise ArgumentTypeError(
        f"there is no completion for “{given}”{hint} Shells: {', '.join(SHELLS)}."
    )


def run(args: Namespace) -> int:
    if args.shell in ASKED:
        names = _views(args) if args.shell in (VIEWS, OWN_VIEWS, WHERE) else []
        if args.shell not in (VIEWS, OWN_VIEWS):
            names += _values(args)
        for name in names:
            write(encodable(name))
        return DONE
    script = {"bash": bash, "zsh": zsh, "fish": fish}[args.shell]()
    write_exact(script)
    return DONE


def _views(args: Namespace) -> list[str]:
    from reader import views
    from reader.records.query import View

    file = settings(args).file
    own = [] if file is None else [each.name for each in views.load(file).views]
    return own if args.shell == OWN_VIEWS else [*own, *(view.value for view in View)]


def _values(args: Namespace) -> list[str]:
    """Return what the index knows, as it is: nobody waits for it at a key. Nothing where there is
    none."""
    chosen = settings(args)
    try:
        collection = open_at(choose(given_path(args), chosen).path, chosen)
    except CommandError:
        return []
    try:
        if args.shell in (QUERIES, WHERE):
            return _queries(collection, args.typed)
        if not collection.is_indexed:
            return []
        counts = collection.counts()
    finally:
        collection.close()
    values = {
        TOPICS: [count.label for count in counts.topics],
        FOLDERS: [count.key for count in counts.folders],
        TYPES: [count.label for count in counts.types],
        PROVIDERS: [count.label for count in counts.providers],
    }[args.shell]
    return [each for each in values if each.isprintable()]


def _queries(collection: Collection, typed: str) -> list[str]:
    """Return what a query may go on as, each as a whole: what Tab offers in the filter line."""
    found = collection.completions(typed, len(typed), views=saved_views(), limit=_AT_MOST)
    whole = [f"{typed[: each.start]}{each.text}{typed[each.end :]}" for each in found]
    return [each for each in whole if each.isprintable()]


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
            *_BASH_ASKED,
            *_BASH_FIND,
            *_BASH_HEAD.format(words=_quote(words)).splitlines(),
            *values,
            *_BASH_VALUES,
            *options,
            *_BASH_END,
            "",
        )
    )


_BASH_ASKED = r"""_reader_files() {
  local file
  compgen -f -- "$want" | while IFS= read -r file; do
    [ -d "$file" ] && file=$file/
    printf '%s\n' "$file"
  done
}
_reader_asked() {  # names may hold anything: they are never expanded
  local line want=${cur#[\"\']} quote= restore= past=
  [ "$want" = "$cur" ] || quote=${cur:0:1}
  if [ -n "$colon" ]; then  # the whole word: what stands before its last colon is left as it is
    want=${COMP_LINE:0:COMP_POINT} want=${want##*[[:space:]]} want=${want#--*=}
    past=${want%"${want##*:}"} past=${past//\\/}
  fi
  want=${want//\\/}
  shopt -q nocasematch || restore=1
  shopt -s nocasematch
  while IFS= read -r line; do
    if [[ $line == "$want"* ]]; then
      line=${line:${#past}}
      [ -z "$quote" ] && line=$(printf %q "$line")
      COMPREPLY+=("$line")
    fi
  done < <(
    reader completion ${dir:+-C "$dir"} "$1" -- "$want" 2>/dev/null
    [ "$1" = where ] && _reader_files
  )
  [ -n "$restore" ] && shopt -u nocasematch
  case "${#COMPREPLY[@]}$COMPREPLY" in 1*[:/]) compopt -o nospace 2>/dev/null ;; esac
  return 0
}""".splitlines()
_BASH_FIND = r"""_reader_find() {  # the command, and the collection that is named before the cursor
  local at=1 word value
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word=${COMP_WORDS[at]} value=
    case "$word" in
      -C|--collection|--setting)
        at=$((at+1))
        [ "${COMP_WORDS[at]}" = "=" ] && at=$((at+1))
        [ "$at" -lt "$COMP_CWORD" ] && [ "$word" != --setting ] && value=${COMP_WORDS[at]} ;;
      -C?*) value=${word#-C} ;;
      -*|=) ;;
      *) if [ -z "$name" ]; then name=$word; elif [ -d "${word/#\~/$HOME}" ]; then value=$word; fi ;;
    esac
    if [ -n "$value" ]; then
      value=${value//[\"\'\\]/}
      dir=${value/#\~/$HOME}
    fi
    at=$((at+1))
  done
}""".splitlines()
_BASH_HEAD = """\
_reader() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev words= given=
  local name= dir= colon= at=$COMP_CWORD IFS=$' \\t\\n'
  COMPREPLY=()
  while [ "$at" -gt 1 ] && {{ [ "${{COMP_WORDS[at]}}" = : ] || [ "${{COMP_WORDS[at-1]}}" = : ]; }}; do
    at=$((at-1)) colon=1  # to bash a colon ends a word
  done
  prev=${{COMP_WORDS[at-1]}}
  if [ "$cur" = "=" ]; then cur=; elif [ "$prev" = "=" ]; then prev=${{COMP_WORDS[at-2]}}; fi
  case "$prev" in -C|--collection) return ;; esac
  _reader_find
  if [ -z "$name" ]; then
    [ "$prev" = --setting ] || COMPREPLY=($(compgen -W {words} -- "$cur"))
    return
  fi
  case "$name:$prev" in"""
_BASH_VALUES = """\
  esac
  if [ -n "$given" ]; then
    COMPREPLY=($(compgen -W "$given" -- "$cur"))
    return
  fi
  case "$cur" in -*) ;; *) return ;; esac
  case "$name" in""".splitlines()
_BASH_END = """\
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -o bashdefault -F _reader reader""".splitlines()


_ZSH_HEAD = """\
_reader_asked() {
  local -a found begun whole
  found=("${(@f)$(reader completion ${dir:+-C} ${dir:+$dir} $1 -- "${(Q)PREFIX}" 2>/dev/null)}")
  begun=(${(M)found:#*:}) whole=(${found:#*:})
  (( $#begun )) && compadd -S '' -M 'm:{[:lower:]}={[:upper:]}' -a begun
  (( $#whole )) && compadd -M 'm:{[:lower:]}={[:upper:]}' -a whole
  [[ -n $found[1] ]]
}

_reader() {
  local curcontext="$curcontext" state line name= dir= word value
  local -i at=2 begin=0
  while (( at < CURRENT )); do  # the command, and the collection that is named before the cursor
    word=$words[at] value=
    case $word in
      -C|--collection|--setting)
        (( at++ ))
        (( at < CURRENT )) && [[ $word != --setting ]] && value=$words[at] ;;
      -C?*) value=${word#-C} ;;
      --collection=*) value=${word#--collection=} ;;
      -*) ;;
      *) if [[ -z $name ]]; then name=$word begin=$at; elif [[ -d ${${(Q)word}/#\\~/$HOME} ]]; then value=$word; fi ;;
    esac
    [[ -n $value ]] && dir=${${(Q)value}/#\\~/$HOME}
    (( at++ ))
  done""".splitlines()


def zsh() -> str:
    """Return the function file for zsh."""
    every = described()
    lines = ["#compdef reader", _HEAD.format(name="zsh"), "", *_ZSH_HEAD]
    lines += ["  local -a commands", "  commands=("]
    lines += [f"    {_quote(f'{each.name}:{each.summary}')}" for each in every]
    lines += [
        "  )",
        "  if [[ -z $name ]]; then",
        "    case $words[CURRENT-1] in",
        "      -C|--collection) _files -/; return ;;",
        "      --setting) return ;;",
        "    esac",
        "    _describe -t commands command commands",
        "    _files",
        "    words=($words[1] $words[CURRENT]) CURRENT=2",
        f"    _arguments {' '.join(spec for option in OPTIONS for spec in _zsh(option))}",
        "    return",
        "  fi",
        '  words=("${(@)words[begin,-1]}")',
        "  (( CURRENT -= begin - 1 ))",
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


_FISH_HEAD = """\
function __reader_read  # the command on the line, or (with `dir`) the collection that is named there
    set -l name ''
    set -l dir ''
    set -l before ''
    for word in (commandline -opc)[2..-1]
        set -l word (string unescape -- $word; or echo -- $word)
        if test -n "$before"
            test $before = --setting; or set dir $word
            set before ''
            continue
        end
        switch $word
            case -C --collection --setting
                set before $word
            case '-C?*'
                set dir (string sub -s 3 -- $word)
            case '--collection=*'
                set dir (string replace -- --collection= '' $word)
            case '-*'
            case '*'
                if test -z "$name"
                    set name $word
                else if test -d (string replace -r '^~' $HOME -- $word)
                    set dir $word
                end
        end
    end
    if test "$argv[1]" = dir
        string replace -r '^~' $HOME -- $dir
    else
        echo -- $name
    end
end
function __reader_is
    test (__reader_read)x = $argv[1]x
end
function __reader_asked
    set -l dir (__reader_read dir)
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '' | string replace -r '^["\\']' '')
    if test -n "$dir"
        reader completion -C $dir $argv[1] -- "$typed" 2>/dev/null
    else
        reader completion $argv[1] -- "$typed" 2>/dev/null
    end
end""".splitlines()


def fish() -> str:
    """Return the script for fish."""
    lines = [_HEAD.format(name="fish"), "complete -c reader -e", *_FISH_HEAD]
    first = '__reader_is ""'
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
        how = "-ra" if option.asked == WHERE else "-xa"
        parts.append(f"{how} '(__reader_asked {option.asked})'")
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
            how = f"{{_reader_asked {option.asked}{'; _files' * (option.asked == WHERE)}}}"
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
