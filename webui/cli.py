"""The command line, `bihuan check`, `bihuan import issues` …: every refusal a sentence, never a traceback.

Exit codes: 0 done · 1 refused, or not everything is as it should be · 2 the command itself cannot be carried out.
"""

from __future__ import annotations

import locale
import os
import sys
from importlib import import_module
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError, DatabaseError

from engine.words.errors import NotPublishable, NotValid, Refusal

# Command → where it is written. Read only when called, so that `bihuan check` need not load the pages.
COMMANDS = {
    "serve": "webui.commands.running:serve",
    "web": "webui.commands.running:web",
    "work": "webui.commands.running:work",
    "status": "webui.commands.running:status",
    "migrate": "webui.commands.keeping:migrate",
    "demo": "webui.commands.keeping:demo",
    "backup": "webui.commands.keeping:backup",
    "restore": "webui.commands.keeping:restore",
    "verify": "webui.commands.keeping:verify",
    "check": "webui.commands.designing:check",
    "publish": "webui.commands.designing:publish",
    "evaluate": "webui.commands.designing:evaluate",
    "move": "webui.commands.moving:move",
    "story": "webui.commands.telling:story",
    "import": "webui.commands.people:bring_in",
    "unit": "webui.commands.people:unit",
    "officer": "webui.commands.people:officer",
    "export": "webui.commands.exporting:export",
    "token": "webui.commands.outside:token",
    "hosts": "webui.commands.outside:hosts",
    "incidents": "webui.commands.repairing:incidents",
}
DONE, REFUSED, IMPOSSIBLE = 0, 1, 2


class Door(click.Group):
    """All commands by name; each is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(
    "bihuan",
    cls=Door,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--database", envvar="BIHUAN_DATABASE", metavar="URL", help="Database; by default SQLite in var/. 数据库")
@click.option("--var", envvar="BIHUAN_VAR", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Folder of database, evidence and keys; by default var/. 数据目录")  # fmt: skip
@click.option("--by", envvar="BIHUAN_BY", metavar="LOGIN", help="The officer who acts; by default the machine. 办理人")
@click.version_option(package_name="bihuan", prog_name="bihuan")
@click.pass_context
def bihuan(ctx: click.Context, database: str | None, var: Path | None, by: str | None) -> None:
    """闭环 Bihuan: the closed loop of supervision, run by BPMN diagrams and decision tables."""
    from webui.place import Place

    ctx.obj = Place.of(var, database, by)


def say(zh: str, en: str) -> str:
    """The language of BIHUAN_LANG (zh or en), else that of the terminal; Chinese where it says neither."""
    wanted = os.environ.get("BIHUAN_LANG") or locale.getlocale()[0] or os.environ.get("LANG", "")
    return en if wanted.startswith("en") else zh


def tell(zh: str, en: str) -> None:
    click.echo(say(zh, en))


def complain(zh: str, en: str) -> None:
    click.echo(say(zh, en), err=True)


def main(arguments: list[str] | None = None) -> None:
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """The exit code; every foreseeable failure has become a sentence on the error stream."""
    try:
        answer = bihuan.main(args=arguments, prog_name="bihuan", standalone_mode=False)
        return answer if isinstance(answer, int) else DONE
    except NotValid as refusal:
        for fault in refusal.faults:
            complain(f"{fault.field}：{fault.zh}" if fault.field else fault.zh,
                     f"{fault.field}: {fault.en}" if fault.field else fault.en)  # fmt: skip
        return REFUSED
    except NotPublishable as refusal:
        for finding in refusal.findings:
            where = f"{finding.element}" + (f":{finding.line}" if finding.line else "")
            complain(f"{where} {finding.zh}（{finding.law}）", f"{where} {finding.en} ({finding.law})")
        return REFUSED
    except Refusal as refusal:
        complain(refusal.zh, refusal.en)
        return REFUSED
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        complain("已取消，没有改动。", "Cancelled; nothing was changed.")
        return REFUSED
    except click.ClickException as error:
        error.show()
        return IMPOSSIBLE
    except DatabaseError as error:
        complain(f"数据库打不开或用不了：{error.orig}", f"The database cannot be opened or used: {error.orig}")
        return IMPOSSIBLE
    except ArgumentError as error:
        complain(f"数据库地址有误：{error}", f"That is no address of a database: {error}")
        return IMPOSSIBLE
    except OSError as error:
        what = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        complain(f"做不了：{what}", f"It cannot be done: {what}")
        return IMPOSSIBLE
